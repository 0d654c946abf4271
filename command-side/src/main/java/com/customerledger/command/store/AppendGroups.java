package com.customerledger.command.store;

import com.customerledger.events.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * Lets the appends of concurrent commands, of one event each, share a statement, a transaction and a wait for the disk.
 * Whoever comes while nobody appends does so at once; those who come in the meantime are the next group, and the first of
 * them appends for all. Thread-safe.
 *
 * <p>A command succeeds or fails by itself all the same: what the server refuses of a group leaves nothing behind, and
 * each of the group then appends alone, on a connection of its own. A group whose outcome is unknown fails as a whole.
 */
final class AppendGroups {

    /** How many groups append at a time: while one waits for the disk, a large enough one makes ready. */
    private static final int GROUPS_MAX = 2;

    /** How many are enough for a second group; fewer take less of the processors when they wait for the first to end. */
    static final int SECOND_MIN = 3;

    /** How many append together at the most. */
    private static final int SIZE_MAX = 64;

    /** How long to wait for one's turn: a group that stands still, as before another node's lock, holds nobody up. */
    static final long PATIENCE_MS = 50;

    /** What an error of the server's says of itself when the session goes on. */
    private static final String ERROR = "ERROR";

    /** The SQLSTATE for a transaction whose outcome is unknown. */
    private static final String SQL_STATE_UNKNOWN = "08007";

    private final long patienceMs;
    private final int secondMin;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Member> waiting = new ArrayDeque<>();
    private int led;

    /**
     * @param patienceMs how long an append waits for its turn, in milliseconds
     * @param secondMin how many have to wait before they append beside another group
     */
    AppendGroups(long patienceMs, int secondMin) {
        this.patienceMs = patienceMs;
        this.secondMin = secondMin;
    }

    private enum Turn {
        WAITS,
        LEADS,
        APPENDED,
        ALONE,
        FAILED
    }

    /** A command with its append; guarded by the lock. */
    private static final class Member {

        private final Append append;
        private final Condition moved;
        private Turn turn = Turn.WAITS;
        private List<Member> group = List.of();
        private @Nullable Throwable failure;

        Member(Append append, Condition moved) {
            this.append = append;
            this.moved = moved;
        }

        void move(Turn next) {
            turn = next;
            moved.signal();
        }
    }

    /**
     * Appends, alone or in a group.
     *
     * @param append of one event
     * @param connection on which each statement is a transaction of its own
     * @throws ReferencesTakenException when its reference is another customer's; nothing was written
     * @throws OptimisticLockingFailureException when the state that it was decided on is not the newest; nothing was written
     * @throws UnavailableException when its time is over; nothing was written
     */
    void append(Append append, Connection connection) throws SQLException {
        Member member = new Member(append, lock.newCondition());
        Turn turn = awaitTurn(member);
        if (turn == Turn.LEADS && member.group.size() == 1) {
            try {
                append.execute(connection, true);
            } finally {
                end(member.group, Turn.APPENDED, null);
            }
            return;
        }
        if (turn == Turn.LEADS) {
            turn = lead(member.group, connection);
        }
        if (turn == Turn.ALONE) {
            append.execute(connection, true);
        } else if (turn == Turn.FAILED) {
            throw new SQLException("the append of a group failed", SQL_STATE_UNKNOWN, member.failure);
        }
    }

    private Turn awaitTurn(Member member) {
        boolean interrupted = false;
        lock.lock();
        try {
            waiting.add(member);
            callNext();
            long left = TimeUnit.MILLISECONDS.toNanos(patienceMs);
            while (member.turn == Turn.WAITS) {
                try {
                    if (left > 0) {
                        left = member.moved.awaitNanos(left);
                    } else if (waiting.remove(member)) {
                        member.turn = Turn.ALONE;
                    } else {
                        // It is being appended, which has a bound.
                        member.moved.awaitUninterruptibly();
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                    left = 0;
                }
            }
            return member.turn;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Appends for the group; what became of it. */
    private Turn lead(List<Member> group, Connection connection) {
        Turn turn = Turn.FAILED;
        Throwable failure = null;
        try {
            Append.together(group.stream().map(each -> each.append).toList()).execute(connection, true);
            turn = Turn.APPENDED;
        } catch (ReferencesTakenException | OptimisticLockingFailureException | UnavailableException e) {
            turn = Turn.ALONE;
        } catch (SQLException e) {
            failure = e;
            turn = isRefused(e) ? Turn.ALONE : Turn.FAILED;
        } finally {
            end(group, turn, failure);
        }
        return turn;
    }

    /** Whether the server said that it did nothing; where the way to it was lost, nobody knows. */
    private static boolean isRefused(SQLException failure) {
        ServerErrorMessage said = failure instanceof PSQLException e ? e.getServerErrorMessage() : null;
        return said != null && ERROR.equals(said.getSeverity());
    }

    private void end(List<Member> group, Turn turn, @Nullable Throwable failure) {
        lock.lock();
        try {
            for (Member member : group) {
                member.failure = failure;
                member.move(turn);
            }
            led--;
            callNext();
        } finally {
            lock.unlock();
        }
    }

    /** Lets the first of those who wait lead them, when it is time. */
    private void callNext() {
        if (led >= GROUPS_MAX || (led > 0 && waiting.size() < secondMin)) {
            return;
        }
        List<Member> group = new ArrayList<>();
        while (!waiting.isEmpty() && group.size() < SIZE_MAX) {
            group.add(waiting.remove());
        }
        if (!group.isEmpty()) {
            led++;
            group.get(0).group = group;
            group.get(0).move(Turn.LEADS);
        }
    }
}
