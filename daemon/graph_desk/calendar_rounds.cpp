#include "daemon/graph_desk/calendar_rounds.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/http/same_origin.hpp"
#include "daemon/mailbox/mailbox_rounds.hpp"
#include "workflows/decision/invitations.hpp"

namespace fristvakt::daemon {

using integrations::Secret;
using integrations::calendar::Answer;
using integrations::graph::Changes;
using integrations::graph::Failure;
using integrations::graph::Notified;
using integrations::graph::SeenAttendee;
using integrations::graph::SeenEvent;
using integrations::graph::ServiceCalendar;
using integrations::graph::SubscriptionStep;
using integrations::graph::Window;
using workflows::CalendarCall;
using workflows::CalendarMeeting;
using workflows::Definitions;
using workflows::Done;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Seconds;
using workflows::Snapshot;
using workflows::Status;

namespace {

constexpr Seconds kEvery = std::chrono::minutes{1};
/// Retry-After is at most an hour: whoever waits longer had their clock put back.
constexpr Seconds kWaitMax = std::chrono::hours{1};
constexpr int kCallsMax = 8;
/// What answers are read of, and how long before a new such window is begun.
constexpr Seconds kWindowBefore = std::chrono::hours{24};
constexpr Seconds kWindowLength = std::chrono::hours{24 * 400};
constexpr Seconds kWindowLife = std::chrono::hours{24 * 30};

/// It befell one meeting; others may do better.
bool is_of_one(const Failure& failure) {
    return failure.reason == Failure::Reason::Refused ||
           failure.reason == Failure::Reason::Conflict ||
           failure.reason == Failure::Reason::NotFound;
}

bool is_waiting(Instant until, Instant now) {
    return now < until && until - now <= kWaitMax;
}

/// Microsoft asks those who are called again.
bool moves(const CalendarCall& call) {
    return call.reason == CalendarCall::Reason::Changed && (call.change.time || call.change.place);
}

/// What is over is not changed any more, so nobody needs to be kept in mind.
bool forget_people(KnownMeeting& known) {
    if (!known.event.put || known.event.put->attendees.empty()) {
        return false;
    }
    known.event.put->attendees.clear();
    known.event.put->text.clear();
    return true;
}

bool is_at(const CalendarMeeting& there, const CalendarMeeting& wanted) {
    return there.start == wanted.start && there.end == wanted.end && there.place == wanted.place;
}

}  // namespace

CalendarRounds::CalendarRounds(GraphHook& hook, Take take, Options options)
    : hook_(hook), take_(std::move(take)), options_(std::move(options)), file_(options_.file) {}

CalendarHealth CalendarRounds::health() const {
    return health_.with([](const CalendarHealth& health) { return health; });
}

std::optional<Seconds> CalendarRounds::step(const Definitions& definitions, Snapshot& snapshot,
                                            Instant now, const std::stop_token& stop) {
    if (!workflows::uses_calendar_service(definitions.installation)) {
        calendar_.reset();
        hook_.close();
        health_.with([](CalendarHealth& health) { health = {}; });
        return std::nullopt;
    }
    health_.with([](CalendarHealth& health) { health.is_configured = true; });
    const auto ledger = snapshot.ledger();
    if (!ledger.ok()) {
        return note(Trouble{.why = ledger.error().message}, now);
    }
    if (ledger.value().sending_on_hold) {
        return kEvery;
    }
    // Another configuration may have mended it.
    if (hash_ == definitions.hash && is_waiting(wait_until_, now)) {
        return wait_until_ - now;
    }
    if (const Status used = use(definitions, stop); !used.ok()) {
        return note(Trouble{.why = used.error().message}, now);
    }
    calls_left_ = kCallsMax;
    const MaybeTrouble trouble = look(definitions, snapshot, now, stop);
    if (stop.stop_requested()) {
        return Seconds{0};  // What was broken off says nothing of Microsoft.
    }
    const Seconds pause = note(trouble, now);
    return !trouble && calls_left_ == 0 ? Seconds{0} : pause;
}

Status CalendarRounds::use(const Definitions& definitions, const std::stop_token& stop) {
    if (calendar_ && hash_ == definitions.hash) {
        return Done{};
    }
    calendar_.reset();
    auto book = file_.read(*definitions.installation.graph);
    if (!book.ok()) {
        return book.error();
    }
    settings_ = *definitions.installation.graph;
    book_ = std::move(book).value();
    calendar_ = std::make_unique<ServiceCalendar>(settings_, definitions.time_zone(), stop);
    hash_ = definitions.hash;
    refused_.clear();  // It may have been mended.
    return Done{};
}

CalendarRounds::MaybeTrouble CalendarRounds::look(const Definitions& definitions,
                                                  Snapshot& snapshot, Instant now,
                                                  const std::stop_token& stop) {
    const auto wanted = wanted_meetings(snapshot, definitions, book_, now);
    if (!wanted.ok()) {
        return Trouble{.why = wanted.error().message};
    }
    MaybeTrouble refused;
    auto unfollowed = follow(wanted.value(), now, stop, refused);
    const std::int64_t behind = count_behind(wanted.value(), now);
    health_.with([&](CalendarHealth& health) { health.behind = behind; });
    if (unfollowed || stop.stop_requested()) {
        return unfollowed;
    }
    MaybeTrouble unsubscribed = keep_subscription(definitions.installation, now);
    if (auto trouble = read_answers(wanted.value(), now, stop)) {
        return trouble;
    }
    return refused ? refused : unsubscribed;
}

CalendarRounds::MaybeTrouble CalendarRounds::follow(const Wanted& wanted, Instant now,
                                                    const std::stop_token& stop,
                                                    MaybeTrouble& refused) {
    for (const auto& [id, one] : wanted) {
        if (stop.stop_requested() || calls_left_ == 0) {
            break;
        }
        const auto known = refused_.find(id);
        if (known != refused_.end() && is_waiting(known->second.until, now)) {
            refused = Trouble{.why = known->second.why, .is_of_one = true};
            continue;
        }
        const auto failure = follow(id, one, now, stop);
        if (!failure) {
            refused_.erase(id);
            if (const Status told = tell_online(id, one); !told.ok()) {
                return Trouble{.why = told.error().message};
            }
            continue;
        }
        if (!is_of_one(*failure)) {
            return Trouble{.why = failure->error.message, .retry_after = failure->retry_after};
        }
        Patience& patience = refused_[id];
        patience.until = now + pause_after(++patience.failures, kEvery);
        patience.why = id + ": " + failure->error.message;
        refused = Trouble{.why = patience.why, .is_of_one = true};
    }
    return std::nullopt;
}

std::int64_t CalendarRounds::count_behind(const Wanted& wanted, Instant now) const {
    return std::ranges::count_if(wanted, [&](const auto& one) {
        const auto known = book_.meetings.find(one.first);
        const auto planned = workflows::plan_calendar(
            one.second.meeting,
            known == book_.meetings.end() ? KnownMeeting{}.event : known->second.event, now);
        return !planned.ok() || planned.value().kind != CalendarCall::Kind::None;
    });
}

std::optional<Failure> CalendarRounds::follow(const std::string& id, const WantedMeeting& wanted,
                                              Instant now, const std::stop_token& stop) {
    const auto unstored = [](const Status& stored) {
        return Failure{.reason = Failure::Reason::Broken, .error = stored.error()};
    };
    while (calls_left_ > 0 && !stop.stop_requested()) {
        const auto there = book_.meetings.find(id);
        KnownMeeting known = there == book_.meetings.end() ? KnownMeeting{} : there->second;
        const auto planned = workflows::plan_calendar(wanted.meeting, known.event, now);
        if (!planned.ok()) {
            return Failure{.reason = Failure::Reason::Refused, .error = planned.error()};
        }
        const CalendarCall& call = planned.value();
        const bool is_recounted =
            std::exchange(known.sequences, wanted.sequences) != wanted.sequences;
        if (is_recounted) {
            book_.changes_link.clear();  // What is answered there may count now.
        }
        if (call.kind == CalendarCall::Kind::None) {
            const bool is_over = call.reason == CalendarCall::Reason::Over;
            if (there != book_.meetings.end() &&
                ((is_over && forget_people(known)) || is_recounted)) {
                there->second = known;
                const Status stored = store();
                return stored.ok() ? std::nullopt : std::optional{unstored(stored)};
            }
            return std::nullopt;
        }
        --calls_left_;
        known.event = workflows::begun(known.event, call);
        known.ends_at = wanted.meeting.end;
        known.is_moving = known.is_moving || moves(call);
        known.moved_at = known.is_moving ? now : known.moved_at;
        book_.meetings[id] = known;
        if (const Status stored = store(); !stored.ok()) {
            calendar_.reset();  // What is on the disk is what counts: it is read again.
            return unstored(stored);
        }
        const auto carried =
            integrations::graph::carry_out(*calendar_, call, wanted.meeting, wanted.farewell, now);
        known.event = workflows::settled(known.event, wanted.meeting, call, carried.outcome);
        known.is_moving = known.is_moving && !known.event.put;
        if (carried.event && !carried.event->join_url.empty()) {
            known.join_url = carried.event->join_url;
        }
        book_.meetings[id] = known;
        if (const Status stored = store(); !stored.ok()) {
            return unstored(stored);
        }
        if (carried.failure) {
            return carried.failure;
        }
        health_.with([](CalendarHealth& health) { ++health.calls; });
    }
    return std::nullopt;
}

Status CalendarRounds::tell_online(const std::string& id, const WantedMeeting& wanted) const {
    const auto known = book_.meetings.find(id);
    if (!options_.tell_online || wanted.meeting.is_cancelled || known == book_.meetings.end() ||
        known->second.join_url.empty() || known->second.join_url == wanted.join_url) {
        return Done{};
    }
    const Status told = options_.tell_online(id, known->second.join_url);
    // A case that is closed takes no more.
    return told.ok() || told.error().kind != ErrorKind::Unavailable ? Status{Done{}} : told;
}

void CalendarRounds::heed(const Notified& told) {
    const std::string& own = book_.subscription.id;
    const auto is_about_ours = [&](const std::vector<std::string>& ids) {
        return std::ranges::find(ids, own) != ids.end();
    };
    if (told.must_read_all) {
        book_.changes_link.clear();
    }
    if (is_about_ours(told.to_renew)) {
        book_.subscription.must_renew = true;
    }
    if (is_about_ours(told.to_replace)) {
        book_.subscription = {};
    }
}

CalendarRounds::MaybeTrouble CalendarRounds::keep_subscription(
    const workflows::Installation& installation, Instant now) {
    if (!settings_.notifications) {
        hook_.close();
        if (!book_.subscription.id.empty()) {
            // It ends by itself where this fails.
            (void)calendar_->unsubscribe(book_.subscription.id, now);
            book_.subscription = {};
        }
        unsubscribed_.clear();
        return std::nullopt;
    }
    if (book_.client_state.empty()) {
        book_.client_state = options_.make_secret();
        if (const Status stored = store(); !stored.ok()) {
            return Trouble{.why = stored.error().message};
        }
    }
    hook_.open(book_.client_state);
    heed(hook_.take());
    const SubscriptionStep step = plan_subscription(book_.subscription, now);
    const auto trouble = [this] {
        return unsubscribed_.empty()
                   ? std::nullopt
                   : std::optional{Trouble{.why = unsubscribed_, .is_of_one = true}};
    };
    if (step.kind == SubscriptionStep::Kind::None) {
        return trouble();
    }
    const bool is_new = step.kind == SubscriptionStep::Kind::Create;
    const auto done =
        is_new ? calendar_->subscribe(installation.public_url + std::string{kGraphHookPath},
                                      Secret{book_.client_state}, step.expires_at, now)
               : calendar_->renew(book_.subscription.id, step.expires_at, now);
    unsubscribed_.clear();
    if (done.ok()) {
        book_.subscription = {.id = done.value().id, .expires_at = done.value().expires_at};
        if (is_new) {
            book_.changes_link.clear();  // Nobody was told meanwhile.
        }
        return std::nullopt;
    }
    if (done.failure().reason == Failure::Reason::NotFound) {
        book_.subscription = {};
        return std::nullopt;
    }
    book_.subscription.tried_at = now;
    unsubscribed_ = done.failure().error.message;
    return trouble();
}

/// What answers are read with.
struct CalendarRounds::Reading {
    const Wanted& wanted;
    std::map<std::string, std::string> cases;  ///< By event.
    Instant now{};
    bool is_whole{true};  ///< False: some are of a meeting that is not known for certain.
};

CalendarRounds::MaybeTrouble CalendarRounds::read_answers(const Wanted& wanted, Instant now,
                                                          const std::stop_token& stop) {
    Reading reading{.wanted = wanted, .cases = {}, .now = now};
    for (const auto& [id, known] : book_.meetings) {
        if (!known.event.event_id.empty() && wanted.contains(id)) {
            reading.cases.emplace(known.event.event_id, id);
        }
    }
    if (stop.stop_requested() || reading.cases.empty()) {
        const Status stored = store();
        return stored.ok() ? std::nullopt : std::optional{Trouble{.why = stored.error().message}};
    }
    const Seconds age = now - book_.window_from;
    if (book_.changes_link.empty() || age < Seconds{0} || age > kWindowLife) {
        book_.changes_link.clear();
        book_.window_from = now - kWindowBefore;
    }
    const Window window{.from = book_.window_from, .to = book_.window_from + kWindowLength};
    const auto changes = calendar_->changes(book_.changes_link, window, now);
    if (!changes.ok()) {
        return Trouble{.why = changes.failure().error.message,
                       .retry_after = changes.failure().retry_after};
    }
    for (const SeenEvent& event : changes.value().events) {
        const Status taken = take_in(event, reading);
        if (!taken.ok()) {
            return Trouble{.why = taken.error().message};
        }
    }
    doubt_missing(changes.value(), now);
    if (reading.is_whole) {
        book_.changes_link = changes.value().link;
    }
    const Status stored = store();
    return stored.ok() ? std::nullopt : std::optional{Trouble{.why = stored.error().message}};
}

Status CalendarRounds::take_in(const SeenEvent& event, Reading& reading) {
    const auto found = reading.cases.find(event.id);
    if (found == reading.cases.end()) {
        return Done{};
    }
    KnownMeeting& known = book_.meetings.at(found->second);
    if (!event.join_url.empty()) {
        known.join_url = event.join_url;
    }
    const CalendarMeeting& wanted = reading.wanted.at(found->second).meeting;
    if (!known.event.put) {
        reading.is_whole = false;
        return Done{};
    }
    const bool is_as_wanted = is_at(*known.event.put, wanted) && event.start == wanted.start;
    if (wanted.is_cancelled || event.is_cancelled || !is_as_wanted) {
        return Done{};  // Answered to what is no longer so.
    }
    for (const SeenAttendee& one : event.attendees) {
        const Instant at = one.answered_at.value_or(reading.now);
        if (one.answer == Answer::NeedsAction || at < known.moved_at) {
            continue;
        }
        const Status taken = take_({.case_id = found->second,
                                    .attendee = one.address,
                                    .answer = one.answer,
                                    .stamped_at = at,
                                    .via = "graph"});
        if (!taken.ok() && taken.error().kind == ErrorKind::Unavailable) {
            return taken;
        }
        if (taken.ok()) {
            health_.with([](CalendarHealth& health) { ++health.answers; });
        }
    }
    return Done{};
}

void CalendarRounds::doubt_missing(const Changes& changes, Instant now) {
    std::set<std::string> seen;
    for (const SeenEvent& event : changes.events) {
        seen.insert(event.id);
    }
    const std::set<std::string> removed{changes.removed.begin(), changes.removed.end()};
    for (auto& [id, known] : book_.meetings) {
        const std::string& event_id = known.event.event_id;
        if (event_id.empty() || known.ends_at <= now) {
            continue;
        }
        const bool is_missing = changes.is_whole && !seen.contains(event_id) &&
                                known.ends_at < book_.window_from + kWindowLength;
        if (is_missing || removed.contains(event_id)) {
            known.event.put.reset();
        }
    }
}

Seconds CalendarRounds::note(const MaybeTrouble& trouble, Instant now) {
    const int before = health_.with([&](CalendarHealth& health) {
        if (trouble) {
            health.failed_at = now;
            health.failing_since = health.failing_since.value_or(now);
            health.error = trouble->why;
            return health.failures++;
        }
        health.looked_at = now;
        health.failed_at.reset();
        health.failing_since.reset();
        health.error.clear();
        return std::exchange(health.failures, 0);
    });
    if (!trouble) {
        if (before > 0 && options_.on_recovery) {
            options_.on_recovery();
        }
        return kEvery;
    }
    if (before == 0 && options_.on_failure) {
        options_.on_failure(trouble->why);
    }
    if (trouble->is_of_one) {
        return kEvery;
    }
    const Seconds pause = std::max<Seconds>(pause_after(before + 1, kEvery), trouble->retry_after);
    wait_until_ = now + pause;
    return pause;
}

}  // namespace fristvakt::daemon
