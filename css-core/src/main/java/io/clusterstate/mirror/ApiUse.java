package io.clusterstate.mirror;

import java.util.Map;

/**
 * How a mirror has used the ECS API since it was started.
 *
 * @param calls how often each operation was called, such as {@code DescribeTasks}; repeated calls count again
 * @param throttled how many of those were refused with a ThrottlingException
 */
public record ApiUse(Map<String, Long> calls, Map<String, Long> throttled) {}
