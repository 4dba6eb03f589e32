#include <algorithm>
#include <utility>

#include "tests/simulation/world/choice.hpp"
#include "tests/simulation/world/definitions.hpp"
#include "tests/simulation/world/life.hpp"
#include "tests/simulation/world/meetings.hpp"

/// What people do to the installation, and what befalls it.
namespace fristvakt::tests::simulation {

using model::Second;
using workflows::ErrorKind;

namespace {

workflows::Actor actor_of(model::By by) {
    switch (by) {
        case model::By::Debtor:
            return workflows::Actor::Debtor;
        case model::By::Creditor:
            return workflows::Actor::Creditor;
        case model::By::Operator:
            return workflows::Actor::Operator;
        case model::By::Child:
            return workflows::Actor::Child;
        case model::By::Parent:
            return workflows::Actor::Parent;
        case model::By::Clock:
            return workflows::Actor::Clock;
        case model::By::Configuration:
            return workflows::Actor::Configuration;
        case model::By::Attendee:
            return workflows::Actor::Attendee;
    }
    return workflows::Actor::Creditor;
}

std::string_view name_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::InvalidInput:
            return "invalid";
        case ErrorKind::NotFound:
            return "not found";
        case ErrorKind::Conflict:
            return "conflict";
        case ErrorKind::Unavailable:
            return "unavailable";
        case ErrorKind::Forbidden:
            return "forbidden";
    }
    return {};
}

}  // namespace

void Life::happen() {
    while (engine_ != nullptr && judge_.broken().empty()) {
        std::optional<std::size_t> index;
        if (!again_.empty() && again_.begin()->first <= now_) {
            index = again_.begin()->second;
            again_.erase(again_.begin());
        } else if (next_ < world_.happenings.size() && world_.happenings[next_].at <= now_) {
            index = next_++;
        } else {
            return;
        }
        // Whoever has had no answer asks again, after a crash too.
        Happening& happening = world_.happenings[*index];
        if (happening.kind == Happening::Kind::Fault) {
            arm(happening);
            continue;
        }
        const auto kept = again_.emplace(now_ + pause_after(tries_[*index]++), *index);
        if (take(happening, *index) == Done::Yes) {
            again_.erase(kept);
        }
    }
}

Life::Done Life::take(Happening& happening, std::size_t index) {
    switch (happening.kind) {
        case Happening::Kind::Event:
            return raise(happening, index);
        case Happening::Kind::Reload:
            return reload(happening);
        case Happening::Kind::Hold:
            return hold();
        case Happening::Kind::Release:
            return release();
        case Happening::Kind::Retry:
            return retry(happening);
        case Happening::Kind::Fault:
            break;
    }
    return Done::Yes;
}

Life::Done Life::raise(Happening& happening, std::size_t index) {
    if (happening.event.name.empty()) {
        happening.event = happening.about_meetings
                              ? choose_at_meeting(judge_.town(), happening.pick, now_)
                              : choose(judge_.town(), happening.pick, now_);
        if (happening.event.name.empty()) {
            return Done::Yes;
        }
    }
    const model::Event& event = happening.event;
    daemon::RaiseEvent command;
    command.event.case_id = event.case_id;
    command.event.name = event.name;
    command.event.by = actor_of(event.by);
    command.event.fields = event.fields;
    command.idempotency_key = "key " + std::to_string(index);
    command.fingerprint = "print " + std::to_string(index);
    tell(text_of(happening, world_));
    judge_.asks(event, index, now_);
    const auto answer = engine_->raise({command}, instant_of(now_)).front();
    if (!answer.ok() && answer.error().kind == ErrorKind::Unavailable) {
        tell("  no answer: " + answer.error().message);
        judge_.crashes();
        return Done::Later;
    }
    tell("  " + (answer.ok() ? "taken: " + answer.value().from + " to " + answer.value().to
                             : "refused: " + answer.error().message));
    judge_.answered(answer.ok(), answer.ok() && answer.value().repeated,
                    answer.ok() ? "" : name_of(answer.error().kind), now_);
    return Done::Yes;
}

Life::Done Life::reload(const Happening& happening) {
    folder_ = happening.rules;
    const auto& definitions = definitions_[folder_];
    if (sound_->ledger().value().definitions_hash == definitions->hash) {
        return Done::Yes;
    }
    tell(text_of(happening, world_));
    const std::size_t before = in_force_;
    judge_.takes_up(world_.rules[folder_], now_);
    in_force_ = folder_;
    configuration_written_ = false;
    const auto used = engine_->use(definitions, "files", instant_of(now_));
    // What was half taken up before goes on so, when nothing of this one was written.
    half_taken_up_ = !used.ok() && (configuration_written_ || half_taken_up_);
    if (used.ok()) {
        judge_.took_up(now_);
        ++doings_;
        return Done::Yes;
    }
    failed(used, "reload");
    if (configuration_written_) {
        ++doings_;
        return Done::Yes;  // Without being told again.
    }
    judge_.gives_up(world_.rules[before]);
    in_force_ = before;
    return Done::Later;
}

Life::Done Life::hold() {
    const auto held = engine_->hold("utsatt", "operator", instant_of(now_));
    if (!held.ok()) {
        failed(held, "hold");
        return Done::Later;
    }
    ++doings_;
    tell("sending is on hold");
    return Done::Yes;
}

Life::Done Life::release() {
    judge_.releases();
    const auto released = engine_->release(std::nullopt, "operator", instant_of(now_));
    judge_.released();
    if (!released.ok()) {
        failed(released, "release");
        return Done::Later;
    }
    ++doings_;
    tell("all is released");
    return Done::Yes;
}

Life::Done Life::retry(const Happening& happening) {
    const auto failures = sound_->messages_in(workflows::MessageState::Failed).value();
    if (failures.empty()) {
        return Done::Yes;
    }
    const auto number = failures[happening.pick % failures.size()];
    judge_.lets_go(number);
    const auto tried = engine_->retry(number, "operator", instant_of(now_));
    if (!tried.ok()) {
        failed(tried, "retry");
        return Done::Later;
    }
    ++doings_;
    tell("message " + std::to_string(number) + " is tried again");
    return Done::Yes;
}

void Life::arm(const Happening& happening) {
    tell(text_of(happening, world_));
    switch (happening.fault) {
        case Fault::CrashBetween:
            trouble_.count();
            throw Crash{happening.amount};
        case Fault::ClockForward:
            trouble_.count();
            now_ += happening.amount;
            return;
        case Fault::ClockBack:
            trouble_.count();
            now_ = std::max(now_ - happening.amount, world_.starts_at);
            return;
        case Fault::StoreFails:
        case Fault::StoreStalls:
        case Fault::DiskFull:
        case Fault::CrashBeforeCommit:
        case Fault::CrashAfterCommit:
        case Fault::CrashBeforeSending:
        case Fault::CrashAfterSending:
        case Fault::ServerBusy:
        case Fault::ServerRefuses:
        case Fault::AddressRefused:
        case Fault::TimesOut:
        case Fault::AnswersTooLate:
        case Fault::CannotWrite:
        case Fault::SenderSlow:
            trouble_.arm(happening);
            return;
    }
}

}  // namespace fristvakt::tests::simulation
