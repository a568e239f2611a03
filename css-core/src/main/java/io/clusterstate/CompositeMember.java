package io.clusterstate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A member of a composite view.
 *
 * @param name the name; for a member of a composite that is a member itself, both names with a slash between
 * @param view the view
 * @param isRequired whether the composite is ready only while this member is
 */
record CompositeMember(String name, StoreView view, boolean isRequired) {

    /** The members of a composite over the given views, with those of a composite among them. */
    static List<CompositeMember> of(Map<String, ? extends ClusterStateView> views) {
        if (views.isEmpty()) {
            throw new IllegalArgumentException("members: none (expected: at least one view)");
        }
        List<CompositeMember> members = new ArrayList<>();
        views.forEach((name, view) -> members.addAll(members(name, view)));
        requireDistinct(members);
        return List.copyOf(members);
    }

    private static List<CompositeMember> members(String name, ClusterStateView view) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("member: a blank name (expected: a Region, an account, or the like)");
        }
        if (view instanceof StoreView store) {
            return List.of(new CompositeMember(name, store, true));
        }
        if (view instanceof CompositeView composite) {
            return composite.list().stream()
                    .map(each -> new CompositeMember(name + '/' + each.name, each.view, each.isRequired))
                    .toList();
        }
        throw new IllegalArgumentException("member " + name + ": " + view
                + " (expected: the view of a mirror, reader or fake, or a composite view; not a wrapper)");
    }

    private static void requireDistinct(List<CompositeMember> members) {
        Map<StoreView, String> names = new LinkedHashMap<>();
        Set<String> seen = new LinkedHashSet<>();
        for (CompositeMember each : members) {
            String other = names.putIfAbsent(each.view, each.name);
            if (other != null) {
                throw new IllegalArgumentException("member " + each.name + ": the view of " + other
                        + " (expected: another view, else all its entities would be there twice)");
            }
            if (!seen.add(each.name)) {
                throw new IllegalArgumentException("member " + each.name + ": twice (expected: a name for each view)");
            }
        }
    }

    /** The same members, of which only the named ones are required. */
    static List<CompositeMember> requiring(List<CompositeMember> members, Set<String> names) {
        Set<String> known = new LinkedHashSet<>();
        members.forEach(each -> known.add(each.name));
        if (names.isEmpty() || !known.containsAll(names)) {
            throw new IllegalArgumentException("memberNames: " + names + " (expected: at least one of " + known + ")");
        }
        return members.stream()
                .map(each -> each.requiredIf(names.contains(each.name)))
                .toList();
    }

    CompositeMember requiredIf(boolean isNeeded) {
        return new CompositeMember(name, view, isNeeded);
    }

    /** The end of the view, which its exception names; null if the view may answer again. */
    @Nullable NotReadyException end() {
        NotReadyException end = view.end();
        return end == null ? null : named(end);
    }

    private NotReadyException named(NotReadyException reason) {
        return new NotReadyException("member " + name + ": " + reason.getMessage(), reason);
    }

    /** The place at which a listener begins that knows a revision, or nothing. */
    JournalCursor cursor(ChangeListener listener, @Nullable Long known) {
        if (known == null) {
            return view.subscribers().start(listener);
        }
        if (!view.isReady()) {
            throw named(view.notReady());
        }
        try {
            return view.subscribers().after(listener, known);
        } catch (RevisionOutOfRangeException e) {
            throw new RevisionOutOfRangeException(name, e);
        }
    }

    void awaitCurrent(Duration limit) throws TimeoutException, InterruptedException {
        try {
            view.awaitCurrent(limit);
        } catch (NotReadyException e) {
            throw named(e);
        } catch (TimeoutException e) {
            TimeoutException named = new TimeoutException("member " + name + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }
}
