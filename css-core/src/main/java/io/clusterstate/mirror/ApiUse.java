package io.clusterstate.mirror;

import java.util.Map;

/**
 * The calls of the ECS API by a mirror, from its start on.
 *
 * @param calls the number of calls by operation, such as {@code DescribeTasks}; each attempt of a repeated call counts
 * @param throttled the number of those calls that ECS refused with a ThrottlingException, by operation
 */
public record ApiUse(Map<String, Long> calls, Map<String, Long> throttled) {}
