package com.customerledger.query;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether {@code ledger.roles} has the role {@code query}, as it has where nothing is set. */
final class QueryRole extends SpringBootCondition {

    private static final String ROLE = "query";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        List<String> roles = Binder.get(context.getEnvironment())
                .bind("ledger.roles", Bindable.listOf(String.class))
                .orElse(List.of("command", ROLE));
        boolean has = roles.stream().anyMatch(ROLE::equalsIgnoreCase);
        return new ConditionOutcome(has, ConditionMessage.of("ledger.roles is " + roles));
    }
}
