package io.clusterstate.internal.composite;

import io.clusterstate.ServiceQuery;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Service;

/** The query over the services of several members. */
final class MergedServiceQuery extends MergedQuery<Service, ServiceQuery> implements ServiceQuery {

    MergedServiceQuery(List<Part<ServiceQuery>> parts) {
        super(parts);
    }

    @Override
    ServiceQuery with(List<Part<ServiceQuery>> narrower) {
        return new MergedServiceQuery(narrower);
    }

    @Override
    public ServiceQuery named(String arnOrName) {
        return each(query -> query.named(arnOrName));
    }

    @Override
    public ServiceQuery status(String status) {
        return each(query -> query.status(status));
    }

    @Override
    public ServiceQuery family(String family) {
        return each(query -> query.family(family));
    }

    @Override
    public ServiceQuery launchType(String launchType) {
        return each(query -> query.launchType(launchType));
    }

    @Override
    public ServiceQuery tagged(String key, String value) {
        return each(query -> query.tagged(key, value));
    }
}
