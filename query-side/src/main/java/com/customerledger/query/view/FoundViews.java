package com.customerledger.query.view;

import java.util.List;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.util.ClassUtils;

/** The views of this version of the program where no application context finds them: in commands. */
final class FoundViews {

    private static final String PACKAGE = "com.customerledger.query";

    private FoundViews() {}

    static List<View> all() {
        ClassPathScanningCandidateComponentProvider scan = new ClassPathScanningCandidateComponentProvider(false);
        scan.addIncludeFilter(new AssignableTypeFilter(View.class));
        return scan.findCandidateComponents(PACKAGE).stream()
                .map(BeanDefinition::getBeanClassName)
                .map(name -> ClassUtils.resolveClassName(String.valueOf(name), FoundViews.class.getClassLoader()))
                .map(type -> (View) BeanUtils.instantiateClass(type))
                .toList();
    }
}
