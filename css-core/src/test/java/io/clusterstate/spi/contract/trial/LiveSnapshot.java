package io.clusterstate.spi.contract.trial;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ClusterQuery;
import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.InstanceQuery;
import io.clusterstate.Observed;
import io.clusterstate.Removed;
import io.clusterstate.ServiceQuery;
import io.clusterstate.Snapshot;
import io.clusterstate.TaskDefinitionQuery;
import io.clusterstate.TaskQuery;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** A false snapshot: each query sees the moment of its call. */
record LiveSnapshot(Supplier<Snapshot> now) implements Snapshot {

    @Override
    public long revision() {
        return now.get().revision();
    }

    @Override
    public Freshness freshness() {
        return now.get().freshness();
    }

    @Override
    public boolean knows(String cluster) {
        return now.get().knows(cluster);
    }

    @Override
    public Optional<Task> task(String arn) {
        return now.get().task(arn);
    }

    @Override
    public Optional<ContainerInstance> instance(String arn) {
        return now.get().instance(arn);
    }

    @Override
    public Optional<Service> service(String arn) {
        return now.get().service(arn);
    }

    @Override
    public Optional<Cluster> cluster(String arn) {
        return now.get().cluster(arn);
    }

    @Override
    public Optional<TaskDefinition> taskDefinition(String arn) {
        return now.get().taskDefinition(arn);
    }

    @Override
    public <T> Optional<Observed<T>> observed(EntityKind<T> kind, String arn) {
        return now.get().observed(kind, arn);
    }

    @Override
    public Optional<Removed<?>> removed(String arn) {
        return now.get().removed(arn);
    }

    @Override
    public ChangeBatch since(Snapshot older) {
        return now.get().since(older);
    }

    @Override
    public TaskQuery tasks() {
        return now.get().tasks();
    }

    @Override
    public InstanceQuery instances() {
        return now.get().instances();
    }

    @Override
    public ServiceQuery services() {
        return now.get().services();
    }

    @Override
    public ClusterQuery clusters() {
        return now.get().clusters();
    }

    @Override
    public TaskDefinitionQuery definitions() {
        return now.get().definitions();
    }
}
