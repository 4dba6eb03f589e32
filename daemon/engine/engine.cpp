#include "daemon/engine/engine.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "workflows/decision/decide.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/weekly_digest.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::CaseFile;
using workflows::Definitions;
using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::LogEntry;
using workflows::Message;
using workflows::MessageState;
using workflows::Opening;
using workflows::Result;
using workflows::Status;

namespace {

LogEntry configuration_entry(std::string kind, const Definitions& definitions, Instant now,
                             const std::string& who) {
    LogEntry entry;
    entry.at = now;
    entry.kind = std::move(kind);
    entry.data["hash"] = definitions.hash;
    if (!who.empty()) {
        entry.aside["who"] = who;
    }
    return entry;
}

/// What a change of the configuration brought in a case names who took it into use.
workflows::Decision signed_by(const std::optional<std::string>& who, workflows::Decision decision) {
    for (LogEntry& entry : decision.entries) {
        if (who && !who->empty() && entry.kind == "event" &&
            entry.actor == to_string(workflows::Actor::Configuration)) {
            entry.aside.emplace("who", *who);
        }
    }
    return decision;
}

std::string machine_name(const std::string& workflow, int version) {
    return workflow + " " + std::to_string(version);
}

/// Of what the configuration took out it counts how far it had come.
bool has_been_held(const Case& meeting, const Definitions& next) {
    Case before = meeting;
    if (before.undo && before.undo->by_configuration) {
        before.state = before.undo->state;
    }
    return workflows::has_been_held(workflows::context_of(before, next));
}

/// A meeting that was held, or what was brought to one by who still takes part: named
/// PATH/WHAT/DEBTOR, behind the meeting's own PATH.
Result<bool> is_of_the_past(Transaction& transaction, const Case& item, const Definitions& next) {
    if (!item.parent.empty()) {
        return false;
    }
    if (workflows::is_configured_meeting(item, workflows::context_of(item, next))) {
        return has_been_held(item, next);
    }
    const auto what = item.requirement.rfind('/');
    const std::string tail =
        what == std::string::npos ? std::string{} : item.requirement.substr(what);
    const auto path = tail.empty() ? std::string::npos : item.id.rfind(tail + '/' + item.debtor);
    if (path == std::string::npos) {
        return false;
    }
    const std::string meeting = item.id.substr(0, path);
    const Status loaded = transaction.load_cases({meeting});
    if (!loaded.ok()) {
        return loaded.error();
    }
    const CaseFile* file = transaction.find_case(meeting);
    const auto* const cohort = next.find_cohort(item.cohort);
    const bool takes_part =
        cohort != nullptr && (cohort->find_requirement(item.requirement) != nullptr
                                  ? workflows::asks_its_debtor(item, next)
                                  : cohort->find_participant(item.debtor) != nullptr);
    return takes_part && file != nullptr && has_been_held(file->item, next);
}

/// A running case stays on its version until a migration takes it along; one of both must be there.
Status check_place(const Case& item, const Definitions& next) {
    const workflows::Workflow* newest = next.find_workflow(item.workflow);
    if (newest == nullptr) {
        return Done{};  // Its requirement is gone too: it will be withdrawn.
    }
    const std::string version = std::to_string(item.workflow_version);
    if (const auto state = newest->migrated(item.workflow_version, item.state)) {
        if (newest->find_state(*state) != nullptr) {
            return Done{};
        }
        return Error{ErrorKind::Conflict, newest->where.file + ": " + item.id + " is in state " +
                                              item.state + " of version " + version +
                                              ", and `migrates` leads to no state of version " +
                                              std::to_string(newest->version) +
                                              "; name one for it, such as `migrates: {" + version +
                                              ": {" + item.state + ": " + newest->start + "}}`"};
    }
    if (next.find_workflow(item.workflow, item.workflow_version) != nullptr) {
        return Done{};
    }
    return Error{ErrorKind::Conflict, newest->where.file + ": " + item.id + " runs on version " +
                                          version + " of " + item.workflow +
                                          ", which is gone; keep its file beside the new one, as " +
                                          "workflows/" + item.workflow + "-" + version +
                                          ".yaml, or let the cases come "
                                          "along with `migrates: {" +
                                          version + ": {}}`"};
}

}  // namespace

Engine::Engine(workflows::Store& store, Dispatcher& dispatcher, EngineObserver& observer,
               Options options)
    : store_(store), dispatcher_(dispatcher), observer_(observer), options_(std::move(options)) {}

Transaction Engine::begin(Instant now) {
    return Transaction{{.store = store_,
                        .definitions = *definitions_,
                        .persons = *persons_,
                        .refused = refused_,
                        .gathering = gathering_,
                        .now = now,
                        .catch_up = catch_up_ && !was_seen_},
                       ledger_};
}

Status Engine::commit(Transaction& transaction) {
    auto sealed = transaction.seal();
    if (!sealed.ok()) {
        return sealed.error();
    }
    workflows::Batch batch = std::move(sealed).value();
    if (batch.empty()) {
        return Done{};
    }
    batch.epoch = epoch_;
    const auto outcome = store_.commit(batch);
    if (!outcome.ok()) {
        return outcome.error();
    }
    if (outcome.value() == workflows::CommitOutcome::Lost) {
        return Error{ErrorKind::Conflict,
                     "another fristvakt has taken over this state; this one must end"};
    }
    ledger_ = transaction.ledger();
    gathering_ = transaction.gathering();
    observer_.committed(batch);
    return Done{};
}

Status Engine::start(std::shared_ptr<const Definitions> definitions, std::string files,
                     Instant now) {
    const auto epoch = store_.lead();
    if (!epoch.ok()) {
        return epoch.error();
    }
    epoch_ = epoch.value();
    const auto ledger = store_.ledger();
    if (!ledger.ok()) {
        return ledger.error();
    }
    ledger_ = ledger.value();
    const bool is_first = !ledger_.first_start_at.has_value();
    if (!is_first && ledger_.demo_clock != options_.demo_clock) {
        return Error{ErrorKind::Conflict,
                     std::string{"this state was made on "} +
                         (ledger_.demo_clock ? "a demo clock" : "the machine's clock") +
                         " and must not be mixed with the other; use another --state folder"};
    }
    persons_ = std::make_unique<workflows::PersonIds>(is_first ? options_.salt : ledger_.salt);
    const Status learnt = learn_refused();
    if (!learnt.ok()) {
        return learnt;
    }
    const Status used = use(std::move(definitions), std::move(files), now);
    if (!used.ok()) {
        return used;
    }
    remember_copies(now);
    return settle_interrupted(now);
}

void Engine::remember_copies(Instant now) {
    // Only what shares a slot with a message still to go matters: the newest few.
    workflows::MessageFilter filter;
    filter.state = MessageState::Sent;
    filter.count_max = 200;
    const auto sent = store_.snapshot()->messages(filter);
    if (!sent.ok()) {
        return;  // At worst somebody gets a copy twice.
    }
    for (const workflows::StoredMessage& stored : sent.value()) {
        if (stored.message.slot_at + std::chrono::hours{24} >= now) {
            for (const std::string& copy : stored.message.copies) {
                (void)copies_.claim(copy, stored.message);
            }
        }
    }
}

Status Engine::learn_refused() {
    workflows::Keys keys;
    keys.persons = ledger_.refused_persons;
    const auto loaded = store_.load(keys);
    if (!loaded.ok()) {
        return loaded.error();
    }
    refused_.clear();
    // The store answers with those on their waiting messages too; they are not refused.
    for (const std::string& id : ledger_.refused_persons) {
        const auto person = loaded.value().persons.find(id);
        if (person != loaded.value().persons.end()) {
            refused_.insert(workflows::lower_case(person->second.address));
        }
    }
    return Done{};
}

Status Engine::use(std::shared_ptr<const Definitions> definitions, std::string files, Instant now,
                   const std::optional<std::string>& who) {
    const bool is_new = definitions->hash != ledger_.definitions_hash;
    if (!is_new) {
        definitions_ = std::move(definitions);
        find_openings();
        // A crash may have come between two requirements that open on one day.
        while (next_opening_ < openings_.size() &&
               definitions_->time_zone().start_of_day(openings_[next_opening_].opens) <
                   *ledger_.opened_until) {
            ++next_opening_;
        }
        return Done{};
    }
    const Status possible = check_workflows(*definitions);
    if (!possible.ok()) {
        return possible;
    }
    const auto previous = std::exchange(definitions_, std::move(definitions));
    const Status noted = note_configuration(std::move(files), now, who.value_or(""));
    if (!noted.ok()) {
        definitions_ = previous;
        return noted;
    }
    taking_up_ = who.value_or("");
    was_seen_ = who.has_value() && !catch_up_;
    catch_up_ = true;
    return take_up(now);
}

Status Engine::take_up(Instant now) {
    find_openings();
    const Status refitted = refit_cases(*definitions_, now);
    if (!refitted.ok()) {
        return refitted;
    }
    const Status opened = open_due(now, true);
    if (!opened.ok()) {
        return opened;
    }
    Transaction transaction = begin(now);
    for (const workflows::Workflow& workflow : definitions_->workflows) {
        transaction.ledger().machines[machine_name(workflow.id, workflow.version)] =
            workflows::fingerprint(workflow);
    }
    transaction.note(configuration_entry("configuration_used", *definitions_, now, *taking_up_));
    const Status written = commit(transaction);
    if (written.ok()) {
        taking_up_.reset();
    }
    return written;
}

void Engine::find_openings() {
    openings_ = workflows::openings_of(*definitions_,
                                       definitions_->time_zone().date_of(*ledger_.first_start_at));
    next_opening_ = 0;
}

Status Engine::note_configuration(std::string files, Instant now, const std::string& who) {
    Transaction transaction = begin(now);
    workflows::Ledger& ledger = transaction.ledger();
    if (!ledger.first_start_at) {
        ledger.first_start_at = now;
        ledger.opened_until = now;
        ledger.demo_clock = options_.demo_clock;
        ledger.salt = options_.salt;
    }
    // None is in use until all cases fit the new one and have been looked at with it: a crash
    // before that has the next start begin again, whichever configuration it finds, and the brake
    // with it.
    ledger.definitions_hash.clear();
    transaction.add_configuration(definitions_->hash, std::move(files));
    transaction.note(configuration_entry("configuration", *definitions_, now, who));
    return commit(transaction);
}

Status Engine::check_workflows(const Definitions& next) {
    for (const workflows::Workflow& workflow : next.workflows) {
        const auto known = ledger_.machines.find(machine_name(workflow.id, workflow.version));
        if (known != ledger_.machines.end() && known->second != workflows::fingerprint(workflow)) {
            return Error{ErrorKind::Conflict,
                         workflow.where.file + ": workflow " + workflow.id +
                             " changed under version " + std::to_string(workflow.version) +
                             "; give it version " + std::to_string(workflow.version + 1)};
        }
    }
    std::string after;
    while (true) {
        const auto ids = store_.open_cases(after, options_.cases_at_once);
        if (!ids.ok()) {
            return ids.error();
        }
        if (ids.value().empty()) {
            return Done{};
        }
        after = ids.value().back();
        workflows::Keys keys;
        keys.cases = ids.value();
        const auto loaded = store_.load(keys);
        if (!loaded.ok()) {
            return loaded.error();
        }
        for (const auto& [id, item] : loaded.value().cases) {
            const Status placed = item.final ? Status{Done{}} : check_place(item, next);
            if (!placed.ok()) {
                return placed;
            }
        }
    }
}

Status Engine::refit_cases(const Definitions& next, Instant now) {
    // What a configuration says of a deadline is the same for all debtors of one period.
    std::unordered_map<std::string, std::optional<workflows::Deadline>> due_of;
    std::string after;
    while (true) {
        const auto ids = store_.open_cases(after, options_.cases_at_once);
        if (!ids.ok()) {
            return ids.error();
        }
        if (ids.value().empty()) {
            return Done{};
        }
        after = ids.value().back();
        Transaction transaction = begin(now);
        const Status loaded = transaction.load_cases(ids.value());
        if (!loaded.ok()) {
            return loaded;
        }
        for (const std::string& id : ids.value()) {
            CaseFile* file = transaction.find_case(id);
            if (file == nullptr || file->item.final) {
                continue;
            }
            const Case& item = file->item;
            const std::string period = item.cohort + '\n' + item.requirement + '\n' + item.period;
            const auto [due, is_new] = due_of.try_emplace(period);
            if (is_new) {
                due->second = workflows::configured_due(item, next);
            }
            // Neither what was held nor what was brought to it follows a date set since.
            const auto stays = is_of_the_past(transaction, item, next);
            if (!stays.ok()) {
                return stays.error();
            }
            const bool exists =
                stays.value() || (due->second && workflows::asks_its_debtor(item, next));
            transaction.absorb(
                *file,
                signed_by(
                    taking_up_,
                    workflows::redefine(
                        *file, item.parent.empty() && !stays.value() ? due->second : std::nullopt,
                        exists, now, transaction.world())));
        }
        const Status done = commit(transaction);
        if (!done.ok()) {
            return done;
        }
    }
}

Status Engine::settle_interrupted(Instant now) {
    const auto numbers = store_.messages_in(MessageState::Sending);
    if (!numbers.ok()) {
        return numbers.error();
    }
    if (numbers.value().empty()) {
        return Done{};
    }
    Transaction transaction = begin(now);
    const Status loaded = transaction.load_messages(numbers.value());
    if (!loaded.ok()) {
        return loaded;
    }
    for (const std::int64_t number : numbers.value()) {
        if (const Message* known = transaction.find_message(number)) {
            for (const std::string& copy : known->copies) {
                (void)copies_.claim(copy, *known);
            }
            mark_uncertain(transaction, *known, now);
        }
    }
    return commit(transaction);
}

Result<std::optional<Instant>> Engine::step(Instant now) {
    after_gap_ = !stepped_at_ || workflows::is_late(*stepped_at_, now);
    const Status taken_up = taking_up_ ? take_up(now) : Status{Done{}};
    if (!taken_up.ok()) {
        return taken_up.error();
    }
    const Status opened = open_due(now, false);
    if (!opened.ok()) {
        return opened.error();
    }
    const Status advanced = advance_due(now);
    if (!advanced.ok()) {
        return advanced.error();
    }
    const Status digested = digest_due(now);
    if (!digested.ok()) {
        return digested.error();
    }
    const Status asked = canaries_due(now);
    if (!asked.ok()) {
        return asked.error();
    }
    auto offered = offer_due(now);
    while (offered.ok() && offered.value()) {
        offered = offer_due(now);
    }
    if (!offered.ok()) {
        return offered.error();
    }
    const Status caught_up = end_catch_up(now);
    if (!caught_up.ok()) {
        return caught_up.error();
    }
    stepped_at_ = now;
    copies_.forget_before(now - std::chrono::hours{24 * 7});
    return next_wake(now);
}

Status Engine::end_catch_up(Instant now) {
    if (!catch_up_) {
        return Done{};
    }
    Transaction transaction = begin(now);
    transaction.ledger().definitions_hash = definitions_->hash;
    const Status written = commit(transaction);
    catch_up_ = !written.ok();
    return written;
}

Status Engine::open_due(Instant now, bool at_take_up) {
    while (next_opening_ < openings_.size()) {
        const Opening& opening = openings_[next_opening_];
        const Instant opens = definitions_->time_zone().start_of_day(opening.opens);
        if (opens > now) {
            break;
        }
        // Taken into use after its day, a case opens now; after downtime, on its day.
        const Status opened = open_one(opening, at_take_up ? now : opens, now);
        if (!opened.ok()) {
            return opened;
        }
        ++next_opening_;
        ledger_.opened_until = std::max(*ledger_.opened_until, opens);
    }
    return Done{};
}

Status Engine::open_one(const Opening& opening, Instant opened_at, Instant now) {
    const auto debtors = workflows::debtors_of(*opening.cohort, *opening.requirement);
    for (std::size_t first = 0; first < debtors.size(); first += options_.cases_at_once) {
        const std::size_t last = std::min(debtors.size(), first + options_.cases_at_once);
        std::vector<std::string> ids;
        for (std::size_t index = first; index < last; ++index) {
            ids.push_back(workflows::case_id(opening, debtors[index]));
        }
        Transaction transaction = begin(now);
        const Status loaded = transaction.load_cases(ids);
        if (!loaded.ok()) {
            return loaded;
        }
        for (std::size_t index = first; index < last; ++index) {
            if (CaseFile* known = transaction.find_case(ids[index - first])) {
                const auto stays = is_of_the_past(transaction, known->item, *definitions_);
                if (!stays.ok()) {
                    return stays.error();
                }
                transaction.absorb(
                    *known,
                    signed_by(taking_up_,
                              workflows::call_again(
                                  *known, stays.value() ? std::nullopt : std::optional{opening.due},
                                  now, transaction.world())));
            } else {
                transaction.open(workflows::case_of(opening, debtors[index], *definitions_),
                                 opening.due, opened_at);
            }
        }
        if (last == debtors.size()) {
            auto& until = transaction.ledger().opened_until;
            until = std::max(*until, definitions_->time_zone().start_of_day(opening.opens));
        }
        const Status done = commit(transaction);
        if (!done.ok()) {
            return done;
        }
    }
    return Done{};
}

Status Engine::advance_due(Instant now) {
    while (true) {
        const auto agenda = store_.due(now, options_.cases_at_once);
        if (!agenda.ok()) {
            return agenda.error();
        }
        if (agenda.value().cases.empty()) {
            return Done{};
        }
        Transaction transaction = begin(now);
        const Status loaded = transaction.load_cases(agenda.value().cases);
        if (!loaded.ok()) {
            return loaded;
        }
        for (const std::string& id : agenda.value().cases) {
            if (CaseFile* file = transaction.find_case(id)) {
                transaction.absorb(*file, workflows::advance(*file, now, transaction.world()));
            }
        }
        const Status done = commit(transaction);
        if (!done.ok()) {
            return done;
        }
    }
}

Result<std::optional<Instant>> Engine::next_wake(Instant now) {
    const auto agenda = store_.due(now, 1);
    if (!agenda.ok()) {
        return agenda.error();
    }
    std::optional<Instant> wake = agenda.value().next_at;
    if (wake && *wake <= now) {
        // Somebody is writing or sending what is due; whoever finishes wakes us, and so does time.
        wake = now + workflows::Seconds{1};
    }
    if (next_opening_ < openings_.size()) {
        const Instant opens =
            definitions_->time_zone().start_of_day(openings_[next_opening_].opens);
        wake = wake ? std::min(*wake, opens) : opens;
    }
    const auto& installation = definitions_->installation;
    const auto consider = [&](const std::optional<workflows::DigestTime>& when) {
        if (const auto slot = workflows::next_digest(when, installation.send_window,
                                                     definitions_->time_zone(), now)) {
            wake = wake ? std::min(*wake, *slot) : slot;
        }
    };
    consider(installation.weekly_digest);
    for (const workflows::TeamsChannel& channel : installation.teams) {
        consider(channel.digest);
    }
    if (const auto canary = next_canary(now)) {
        wake = wake ? std::min(*wake, *canary) : canary;
    }
    return wake;
}

Status Engine::digest_due(Instant now) {
    const auto& installation = definitions_->installation;
    const auto slot_since = [&](const std::optional<workflows::DigestTime>& when,
                                const std::optional<Instant>& made_until) {
        const auto slot =
            workflows::last_digest(when, installation.send_window, definitions_->time_zone(), now);
        return slot && (!made_until || *made_until < *slot) ? slot : std::nullopt;
    };
    const auto slot = slot_since(installation.weekly_digest, ledger_.digested_until);
    std::vector<std::pair<const workflows::TeamsChannel*, Instant>> cards;
    for (const workflows::TeamsChannel& channel : installation.teams) {
        const auto record = ledger_.channels.find(channel.id);
        if (const auto at = slot_since(channel.digest, record == ledger_.channels.end()
                                                           ? std::nullopt
                                                           : record->second.digested_until)) {
            cards.emplace_back(&channel, *at);
        }
    }
    if (!slot && cards.empty()) {
        return Done{};
    }
    Transaction transaction = begin(now);
    // The first one comes at the first time that lies ahead.
    const auto is_first = [now](std::optional<Instant>& made_until, Instant at) {
        return !std::exchange(made_until, made_until ? at : now);
    };
    if (slot && !is_first(transaction.ledger().digested_until, *slot)) {
        const auto day = definitions_->time_zone().date_of(now);
        for (const workflows::Recipient& officer :
             workflows::case_officers(*definitions_, day, refused_)) {
            transaction.make_digest(officer, *slot);
        }
    }
    for (const auto& [channel, at] : cards) {
        if (!is_first(transaction.ledger().channels[channel->id].digested_until, at)) {
            transaction.make_digest(*channel, at);
        }
    }
    return commit(transaction);
}

}  // namespace fristvakt::daemon
