package io.clusterstate.internal.ecs;

import java.util.ArrayList;
import java.util.List;

/**
 * ARNs of each partition, account and Region, in each format, for each home. Sources of the formats: the ECS developer
 * guide, "Amazon Resource Names (ARNs) and IDs"; the AWS General Reference, on partitions.
 */
public final class Homes {

    public record Place(String partition, String region, String account) {

        public String arn(String resource) {
            return "arn:" + partition + ":ecs:" + region + ":" + account + ":" + resource;
        }

        public String cluster() {
            return arn("cluster/default");
        }
    }

    public static final String ID = "0123456789abcdef0123456789abcdef";

    public static final List<Place> PLACES = List.of(
            new Place("aws", "us-east-1", "111122223333"),
            new Place("aws", "eu-west-1", "111122223333"),
            new Place("aws", "us-east-1", "999999999999"),
            new Place("aws-cn", "cn-north-1", "111122223333"),
            new Place("aws-us-gov", "us-gov-west-1", "111122223333"),
            new Place("aws-eusc", "eusc-de-east-1", "111122223333"));

    public static final List<String> TASK_FORMS =
            List.of("task/default/" + ID, "task/" + ID, "task/01234567-89ab-cdef-0123-456789abcdef");

    public record Case(Place home, Place place, String form) {}

    public static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Place home : PLACES) {
            for (Place place : PLACES) {
                TASK_FORMS.forEach(form -> cases.add(new Case(home, place, form)));
            }
        }
        return cases;
    }

    private Homes() {}
}
