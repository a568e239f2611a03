package io.clusterstate.internal.composite;

import io.clusterstate.InstanceQuery;
import io.clusterstate.Requirement;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** The query over the container instances of several members. */
final class MergedInstanceQuery extends MergedQuery<ContainerInstance, InstanceQuery> implements InstanceQuery {

    MergedInstanceQuery(List<Part<InstanceQuery>> parts) {
        super(parts);
    }

    @Override
    InstanceQuery with(List<Part<InstanceQuery>> narrower) {
        return new MergedInstanceQuery(narrower);
    }

    @Override
    public InstanceQuery status(String status) {
        return each(query -> query.status(status));
    }

    @Override
    public InstanceQuery agentConnected(boolean connected) {
        return each(query -> query.agentConnected(connected));
    }

    @Override
    public InstanceQuery attribute(String name) {
        return each(query -> query.attribute(name));
    }

    @Override
    public InstanceQuery attribute(String name, String value) {
        return each(query -> query.attribute(name, value));
    }

    @Override
    public InstanceQuery ec2Instance(String ec2InstanceId) {
        return each(query -> query.ec2Instance(ec2InstanceId));
    }

    @Override
    public InstanceQuery matching(String expression) {
        return each(query -> query.matching(expression));
    }

    @Override
    public InstanceQuery withFree(Requirement... requirements) {
        return each(query -> query.withFree(requirements));
    }

    @Override
    public InstanceQuery capacityProvider(String name) {
        return each(query -> query.capacityProvider(name));
    }

    @Override
    public InstanceQuery tagged(String key, String value) {
        return each(query -> query.tagged(key, value));
    }
}
