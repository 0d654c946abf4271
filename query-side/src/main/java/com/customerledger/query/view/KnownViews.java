package com.customerledger.query.view;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The views that this version of the program has, each by its name and revision. Immutable. */
final class KnownViews {

    private record Key(String name, int revision) {}

    private final Map<Key, View> views = new HashMap<>();
    private final Map<String, View> newest = new TreeMap<>();

    KnownViews(Collection<? extends View> all) {
        for (View view : all) {
            View same = views.putIfAbsent(new Key(view.name(), view.revision()), view);
            if (same != null) {
                throw new IllegalStateException("two classes are the view " + view.name() + " in revision "
                        + view.revision() + ": " + same.getClass() + " and " + view.getClass());
            }
            newest.merge(view.name(), view, (a, b) -> a.revision() > b.revision() ? a : b);
        }
    }

    /** The view that fills the generation, or null when this version of the program does not have it. */
    @Nullable View of(Generation generation) {
        return views.get(new Key(generation.view(), generation.revision()));
    }

    /** The view's newest revision, or null when this version of the program has none. */
    @Nullable View newest(String name) {
        return newest.get(name);
    }

    /** Of each view its newest revision. */
    List<View> newest() {
        return List.copyOf(newest.values());
    }
}
