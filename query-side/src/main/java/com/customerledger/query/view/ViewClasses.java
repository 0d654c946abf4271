package com.customerledger.query.view;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;

/** Finds the views of this version of the program where no application context does. */
final class ViewClasses {

    private static final String ROOT = "com.customerledger.query";

    private ViewClasses() {}

    /** One object of each class that is a view. */
    static List<View> all() {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AssignableTypeFilter(View.class));
        List<View> views = new ArrayList<>();
        for (BeanDefinition found : scanner.findCandidateComponents(ROOT)) {
            views.add(make(String.valueOf(found.getBeanClassName())));
        }
        return views;
    }

    private static View make(String name) {
        try {
            Constructor<? extends View> constructor =
                    Class.forName(name).asSubclass(View.class).getDeclaredConstructor();
            // A view is hidden in its package.
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the view " + name + " needs a constructor without parameters", e);
        }
    }
}
