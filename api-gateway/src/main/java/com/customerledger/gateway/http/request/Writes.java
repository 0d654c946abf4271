package com.customerledger.gateway.http.request;

import com.customerledger.events.command.Answer;
import com.customerledger.events.command.Caller;
import com.customerledger.events.command.Command;
import com.customerledger.events.command.Commands;
import com.customerledger.events.command.Idempotency;
import com.customerledger.events.refusal.RefusedException;
import com.customerledger.gateway.http.errors.ErrorAnswerException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What every write does: read the batch, have it carried out, answer. Thread-safe. */
@Component
public final class Writes {

    private static final String REPLAYED = "Idempotent-Replayed";

    private final BodyReader bodies;
    private final Sides sides;
    private final int recordsMax;

    Writes(BodyReader bodies, Sides sides, BatchSettings settings) {
        this.bodies = bodies;
        this.sides = sides;
        this.recordsMax = settings.maxRecords();
    }

    /** Makes the command of a batch. */
    @FunctionalInterface
    public interface ToCommand<R> {

        /** The command to carry out. */
        Command command(Caller caller, @Nullable Idempotency idempotency, List<R> records);
    }

    /**
     * Carries a write out.
     *
     * @param reader of one record
     * @param toCommand what is to be done with them
     */
    public <R> void write(
            HttpServletRequest request, HttpServletResponse response, RecordReader<R> reader, ToCommand<R> toCommand)
            throws IOException {
        Commands commands = sides.commands();
        Caller caller = HeaderTexts.caller(request);
        Answer answer;
        try (Body body = bodies.read(request)) {
            Idempotency idempotency = HeaderTexts.idempotency(request, body);
            Batch<R> batch = Batch.read(body.text(), recordsMax, reader);
            answer = execute(commands, toCommand.command(caller, idempotency, batch.records()), batch);
        }
        if (answer.replayed()) {
            response.setHeader(REPLAYED, "true");
        }
        Answers.write(response, answer.body());
    }

    private static Answer execute(Commands commands, Command command, Batch<?> batch) {
        try {
            return commands.execute(command);
        } catch (RefusedException refused) {
            throw new ErrorAnswerException(batch.answer(refused.refusal()));
        }
    }
}
