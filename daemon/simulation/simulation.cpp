#include "daemon/simulation/simulation.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace fristvakt::daemon {

using workflows::Account;
using workflows::Done;
using workflows::Error;
using workflows::Instant;
using workflows::Result;
using workflows::Status;

namespace {

/// Holds what the engine offers until the simulation gets round to it.
class Outbasket final : public Dispatcher {
 public:
    void offer(workflows::MessageSnapshot snapshot) override {
        offered_.push_back(std::move(snapshot));
    }
    [[nodiscard]] std::vector<workflows::MessageSnapshot> take() {
        return std::exchange(offered_, {});
    }
    void forget() { offered_.clear(); }

 private:
    std::vector<workflows::MessageSnapshot> offered_;
};

class Relay final : public EngineObserver {
 public:
    explicit Relay(SimulationObserver& observer) : observer_(observer) {}
    void attach(Engine* engine) { engine_ = engine; }

    void committed(const workflows::Batch& batch) override {
        for (const workflows::LogEntry& entry : batch.entries) {
            if (entry.kind == "event") {
                observer_.transition(entry);
            }
            for (const workflows::Reminder& reminder : entry.change.reminders) {
                learn(reminder.person);
                if (reminder.account != Account::Waiting && reminder.account != Account::Sent) {
                    observer_.settled(reminder, entry.at, addresses_[reminder.person]);
                }
            }
        }
    }

 private:
    /// A new life of the engine does not know whom an earlier one planned for.
    void learn(const std::string& person) {
        if (const std::string* address = engine_->persons().address_of(person)) {
            addresses_[person] = *address;
        }
    }

    SimulationObserver& observer_;
    Engine* engine_{nullptr};
    std::map<std::string, std::string> addresses_;  ///< By person.
};

/// One life of the simulated installation.
class Run {
 public:
    explicit Run(Simulation& simulation) : simulation_(simulation), relay_(simulation.observer) {}

    Status to_the_end() {
        Instant now = simulation_.from;
        const Status started = start(now);
        if (!started.ok()) {
            return started;
        }
        while (true) {
            const Status happened = happen(now);
            if (!happened.ok()) {
                return happened;
            }
            const auto wake = step(now);
            if (!wake.ok()) {
                return wake.error();
            }
            const auto next = next_moment(wake.value());
            if (!next || *next >= simulation_.until) {
                return recount();
            }
            now = std::max(*next, now);
        }
    }

 private:
    Status start(Instant now) {
        engine_ = std::make_unique<Engine>(simulation_.store, basket_, relay_, Engine::Options{});
        relay_.attach(engine_.get());
        return engine_->start(simulation_.definitions, {}, now);
    }

    /// All that is due at `now`, messages included.
    Result<std::optional<Instant>> step(Instant now) {
        while (true) {
            auto wake = engine_->step(now);
            if (!wake.ok()) {
                return wake;
            }
            const Result<bool> sent = send_offered(now);
            if (!sent.ok()) {
                return sent.error();
            }
            if (!sent.value()) {
                return wake;
            }
        }
    }

    /// Each reminder is in one account, and the ledger says in which.
    [[nodiscard]] Status recount() const {
        const auto snapshot = simulation_.store.snapshot();
        const auto ledger = snapshot->ledger();
        const auto counted = snapshot->recount();
        if (!ledger.ok() || !counted.ok()) {
            return ledger.ok() ? counted.error() : ledger.error();
        }
        if (!(counted.value() == ledger.value().books) || !counted.value().balance()) {
            return Error{workflows::ErrorKind::Conflict,
                         "the books are off: recounted they are not what the ledger says; please "
                         "report this with the configuration"};
        }
        return Done{};
    }

    [[nodiscard]] std::optional<Instant> next_moment(std::optional<Instant> wake) const {
        std::optional<Instant> next = wake;
        const auto consider = [&](Instant instant) {
            next = next ? std::min(*next, instant) : instant;
        };
        if (next_event_ < simulation_.events.size()) {
            consider(simulation_.events[next_event_].at);
        }
        if (next_crash_ < simulation_.crashes.size()) {
            consider(simulation_.crashes[next_crash_]);
        }
        return next;
    }

    /// Crashes and events of this moment; they come before its slots.
    Status happen(Instant now) {
        while (next_crash_ < simulation_.crashes.size() &&
               simulation_.crashes[next_crash_] <= now) {
            ++next_crash_;
            basket_.forget();
            const Status started = start(now);
            if (!started.ok()) {
                return started;
            }
        }
        while (next_event_ < simulation_.events.size() &&
               simulation_.events[next_event_].at <= now) {
            const TimedEvent& event = simulation_.events[next_event_++];
            for (const auto& answer : engine_->raise({{event.event, {}, {}}}, event.at)) {
                if (!answer.ok()) {
                    simulation_.observer.refused(event, answer.error());
                }
            }
        }
        return Done{};
    }

    /// Writes, marks and sends what was offered; false when there was nothing.
    Result<bool> send_offered(Instant now) {
        std::vector<workflows::MessageSnapshot> offered = basket_.take();
        const bool any = !offered.empty();
        while (!offered.empty()) {
            std::vector<Written> written;
            for (workflows::MessageSnapshot& snapshot : offered) {
                auto one = write(std::move(snapshot));
                if (!one.ok()) {
                    return one.error();
                }
                written.push_back(std::move(one).value());
            }
            offered.clear();
            auto marked = engine_->mark_sending(written, now);
            if (!marked.ok()) {
                return marked.error();
            }
            std::vector<MarkAnswer> answers = std::move(marked).value();
            std::vector<workflows::DeliveryReport> reports;
            for (std::size_t index = 0; index < written.size(); ++index) {
                MarkAnswer& answer = answers[index];
                if (answer.verdict == MarkAnswer::Verdict::Rewrite) {
                    offered.push_back(std::move(*answer.snapshot));
                } else if (answer.verdict == MarkAnswer::Verdict::Go) {
                    reports.push_back(send(written[index]));
                }
            }
            const Status recorded = engine_->delivered(reports, now);
            if (!recorded.ok()) {
                return recorded.error();
            }
        }
        return any;
    }

    [[nodiscard]] Result<Written> write(workflows::MessageSnapshot snapshot) const {
        auto rendered = simulation_.renderer.render(snapshot, *simulation_.definitions);
        if (!rendered.ok()) {
            return rendered.error();
        }
        Written written{
            .snapshot = std::move(snapshot), .rendered = std::move(rendered).value(), .bytes = {}};
        if (written.snapshot.stored_bytes) {
            written.bytes = *written.snapshot.stored_bytes;
        } else if (simulation_.write_bytes) {
            auto bytes = simulation_.renderer.to_bytes(written.snapshot, written.rendered,
                                                       *simulation_.definitions);
            if (!bytes.ok()) {
                return bytes.error();
            }
            written.bytes = std::move(bytes).value();
        }
        return written;
    }

    workflows::DeliveryReport send(const Written& written) {
        workflows::Envelope envelope{
            .number = written.snapshot.number,
            .channel = written.snapshot.channel,
            .message_id = written.snapshot.message_id,
            .from = simulation_.definitions->installation.mail.from,
            .to = {written.snapshot.to.address},
            .bytes = written.bytes,
            .at = written.snapshot.at,
        };
        for (const workflows::Person& copy : written.snapshot.copies) {
            envelope.to.push_back(copy.address);
        }
        simulation_.observer.message(written.snapshot, written.rendered);
        return simulation_.channel.send(envelope);
    }

    Simulation& simulation_;
    Outbasket basket_;
    Relay relay_;
    std::unique_ptr<Engine> engine_;
    std::size_t next_event_{0};
    std::size_t next_crash_{0};
};

}  // namespace

Status Simulation::run() {
    return Run{*this}.to_the_end();
}

workflows::DeliveryReport RecordingChannel::send(const workflows::Envelope& envelope) {
    workflows::DeliveryReport report;
    report.number = envelope.number;
    report.verdict = workflows::Verdict::Delivered;
    return report;
}

}  // namespace fristvakt::daemon
