package io.clusterstate.internal.index;

import io.clusterstate.ServiceQuery;
import io.clusterstate.ecs.EcsArn;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Service;

/** The query over services. */
final class IndexedServiceQuery extends IndexedQuery<Service, ServiceQuery> implements ServiceQuery {

    private static final IndexField<Service> NAME = IndexField.of("named", Service::serviceName);
    private static final IndexField<Service> STATUS = IndexField.of("status", Service::status);
    private static final IndexField<Service> FAMILY = IndexField.derived(
            "family", Service::taskDefinition, service -> Families.familyOf(service.taskDefinition()));
    private static final IndexField<Service> LAUNCH_TYPE = IndexField.of("launchType", Service::launchTypeAsString);

    static final List<IndexField<Service>> FIELDS = List.of(NAME, STATUS, FAMILY, LAUNCH_TYPE);

    IndexedServiceQuery(Steps<Service> steps) {
        super("services", steps);
    }

    @Override
    ServiceQuery with(Steps<Service> narrower) {
        return new IndexedServiceQuery(narrower);
    }

    @Override
    public ServiceQuery named(String name) {
        if (!Ids.isArn(name)) {
            return where(NAME, name, Service::serviceName);
        }
        Criterion<Service> criterion = new Criterion<>(
                NAME,
                List.of(EcsArn.nameOf(name)),
                row -> name.equals(row.value().serviceArn()),
                false);
        return where(criterion, "named " + name);
    }

    @Override
    public ServiceQuery status(String status) {
        return where(STATUS, KnownValues.SERVICE_STATUS, status, Service::status);
    }

    @Override
    public ServiceQuery family(String family) {
        return where(FAMILY, family, service -> Families.familyOf(service.taskDefinition()));
    }

    @Override
    public ServiceQuery launchType(String launchType) {
        return where(LAUNCH_TYPE, KnownValues.LAUNCH_TYPE, launchType, Service::launchTypeAsString);
    }

    @Override
    public ServiceQuery tagged(String key, String value) {
        return tagged(Service::tags, key, value);
    }
}
