#include "daemon/engine/outgoing.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/engine/digest_contents.hpp"
#include "daemon/engine/invitations.hpp"
#include "daemon/engine/prework.hpp"
#include "workflows/decision/answer_link.hpp"
#include "workflows/decision/canary.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/plan.hpp"
#include "workflows/decision/state_title.hpp"
#include "workflows/decision/weekly_digest.hpp"
#include "workflows/definition/calendar_uid.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using workflows::Account;
using workflows::CaseContext;
using workflows::CaseFile;
using workflows::Definitions;
using workflows::Instant;
using workflows::Message;
using workflows::MessageSnapshot;
using workflows::MessageState;
using workflows::NoticeKind;
using workflows::Reason;
using workflows::Reminder;
using workflows::Result;

namespace {

std::string domain_of(std::string_view address) {
    const auto at = address.rfind('@');
    return std::string{at == std::string_view::npos ? "fristvakt.invalid" : address.substr(at + 1)};
}

/// Builds the immutable value that sender threads read.
class SnapshotBuilder {
 public:
    SnapshotBuilder(Transaction& transaction, const Message& message)
        : transaction_(transaction),
          message_(message),
          definitions_(transaction.world().definitions),
          day_(definitions_.time_zone().date_of(transaction.now())) {}

    Result<MessageSnapshot> build(const std::vector<Reminder>& reminders) {
        MessageSnapshot snapshot;
        snapshot.number = message_.number;
        snapshot.message_id = message_id_of(message_, definitions_.installation);
        snapshot.kind = message_.kind;
        snapshot.channel = message_.channel;
        snapshot.language = message_.language;
        snapshot.at = transaction_.now();
        snapshot.organisation = message_.organisation;
        snapshot.attempt = message_.attempts + 1;
        if (const auto* organisation = definitions_.find_organisation(message_.organisation)) {
            snapshot.organisation_name = organisation->name;
        }
        if (const auto* person = transaction_.find_person(message_.person)) {
            snapshot.to = *person;
        }
        for (const std::string& copy : message_.copies) {
            if (const auto* person = transaction_.find_person(copy)) {
                snapshot.copies.push_back(*person);
            }
        }
        std::sort(snapshot.copies.begin(), snapshot.copies.end(),
                  [](const auto& a, const auto& b) { return a.address < b.address; });
        for (const Reminder& reminder : reminders) {
            snapshot.recipient_role = reminder.role;
            add_item(snapshot, reminder.case_id, reminder.notice, {}, reminder.claimed_at,
                     &reminder);
        }
        if (message_.kind == NoticeKind::Invitation) {
            add_invitation(snapshot);
        } else {
            for (const Message::Told& told : message_.told) {
                auto fields = told.fields;
                fields.insert(told.texts.begin(), told.texts.end());
                const auto shared = told.fields.find(std::string{workflows::kShared});
                if (shared != told.fields.end()) {
                    add_attendee(snapshot, told.case_id, fields);
                    if (shared->second == workflows::kAgenda) {
                        fields[shared->second] = agenda_now(told.case_id);
                    }
                }
                add_item(snapshot, told.case_id, told.notice, fields, message_.made_at, nullptr);
            }
        }
        if (snapshot.items.size() == 1) {
            const std::string& root = snapshot.items.front().case_id;
            snapshot.references = {"case." + workflows::person_id("case", root).substr(1) + "@" +
                                   domain_of(definitions_.installation.mail.from)};
        }
        return read_.ok() ? Result<MessageSnapshot>{std::move(snapshot)} : read_.error();
    }

 private:
    void add_item(MessageSnapshot& snapshot, const std::string& case_id, const std::string& notice,
                  const std::map<std::string, std::string>& fields, Instant at,
                  const Reminder* reminder) {
        const CaseFile* file = transaction_.find_case(case_id);
        if (file == nullptr) {
            if (case_id.empty()) {  // News about sending as a whole.
                auto& item = snapshot.items.emplace_back();
                item.notice = notice;
                item.fields = fields;
                item.event_at = at;
                add_canary(snapshot.to, item);
            }
            return;
        }
        MessageSnapshot::Item item = describe_case(file->item, definitions_, day_);
        item.notice = notice;
        for (const auto& [name, value] : fields) {
            item.fields.insert_or_assign(name, value);
        }
        item.event_at = at;
        if (reminder != nullptr) {
            item.step = reminder->step;
            add_call(*file, *reminder, item);
            item.softened = reminder->softened;
            const auto returned = file->item.fields.find("returned_on");
            if (returned != file->item.fields.end()) {
                item.fields.insert(*returned);
            }
        }
        const auto nothing = file->item.fields.find(std::string{workflows::kNothingToReport});
        if (nothing != file->item.fields.end() &&
            workflows::says_nothing_to_report(file->item,
                                              workflows::context_of(file->item, definitions_))) {
            item.fields.insert(*nothing);
        }
        const std::string for_meeting =
            meeting_of_prework(file->item, definitions_, message_.language);
        if (!for_meeting.empty()) {
            item.fields["for_meeting"] = for_meeting;
        }
        if (!file->item.parent.empty()) {
            add_request(file->item, item);
        }
        snapshot.items.push_back(std::move(item));
    }

    /// Of the card that asks whether anybody sees it, and of the mail that nobody said so.
    void add_canary(const workflows::Person& to, MessageSnapshot::Item& item) {
        const workflows::Ledger& ledger = transaction_.ledger();
        if (item.notice == workflows::kCanaryNews) {
            item.fields["confirm_link"] =
                workflows::canary_link(definitions_.installation.public_url, ledger.salt,
                                       workflows::teams_id(to.address), message_.number);
            return;
        }
        const auto known = ledger.channels.find(item.fields["channel"]);
        if (item.notice != workflows::kSilenceNews || known == ledger.channels.end()) {
            return;
        }
        const workflows::ChannelRecord& record = known->second;
        const auto day_of = [&](const std::optional<Instant>& at) {
            return at ? workflows::iso_date(definitions_.time_zone().date_of(*at)) : std::string{};
        };
        item.fields["since"] = day_of(record.canary.silent_since);
        item.fields["confirmed"] = day_of(record.canary.confirmed_at);
        item.fields["reply"] = record.failed_at ? record.reply : std::string{};
    }

    /// What somebody who is called to a meeting wants to know beside its time.
    void add_call(const CaseFile& file, const Reminder& reminder, MessageSnapshot::Item& item) {
        if (workflows::find_invitation(file.invitations, reminder.person) == nullptr) {
            return;
        }
        item.fields["answer_link"] =
            workflows::answer_link(definitions_.installation.public_url, transaction_.ledger().salt,
                                   file.item.id, reminder.person);
        const auto context = workflows::context_of(file.item, definitions_);
        const auto online = file.item.fields.find(std::string{workflows::kJoinUrl});
        if (online != file.item.fields.end()) {
            item.fields.insert(*online);
        }
        const auto* date = date_of(file.item, context);
        item.fields["agenda"] = workflows::agenda_of(file.item, date, message_.language);
        item.fields["lecturer"] = date == nullptr ? std::string{} : date->lecturer;
    }

    /// As it stands, in the recipient's language.
    std::string agenda_now(const std::string& case_id) {
        const CaseFile* file = transaction_.find_case(case_id);
        return file == nullptr
                   ? std::string{}
                   : workflows::agenda_of(
                         file->item,
                         date_of(file->item, workflows::context_of(file->item, definitions_)),
                         message_.language);
    }

    /// By which role the recipient was called to it, and whether they said that they do not come;
    /// no role when they were not called by us.
    void add_attendee(MessageSnapshot& snapshot, const std::string& case_id,
                      std::map<std::string, std::string>& fields) {
        const CaseFile* file = transaction_.find_case(case_id);
        const auto* known = file == nullptr
                                ? nullptr
                                : workflows::find_invitation(file->invitations, message_.person);
        snapshot.recipient_role = known == nullptr ? std::string{} : known->role;
        if (known != nullptr &&
            workflows::counting_response(*known) == workflows::Response::Declined) {
            fields["declined"] = "yes";
        }
    }

    /// Null: it is none of a programme's meetings, or has no date.
    static const workflows::MeetingDate* date_of(const workflows::Case& of,
                                                 const CaseContext& context) {
        return context.requirement == nullptr || context.cohort == nullptr
                   ? nullptr
                   : context.cohort->find_date(*context.requirement, of.period);
    }

    void add_invitation(MessageSnapshot& snapshot) {
        const auto now = invitation_now(transaction_, message_);
        if (!now) {
            return;
        }
        const workflows::Case& of = now->file->item;
        const auto context = workflows::context_of(of, definitions_);
        const workflows::Summons& summons = now->summons;
        snapshot.recipient_role = now->invitation->role;
        auto fields = summons.says;
        fields.try_emplace("place", "");  // Not the case's, which they may never have heard of.
        for (const auto& [name, value] : summons.was) {
            fields["was_" + name] = value;
        }
        const auto* date = date_of(of, context);
        const auto time = workflows::meeting_time(summons.says);
        MessageSnapshot::Meeting meeting{
            .uid = workflows::calendar_uid(of.id, definitions_.installation.organisation),
            .sequence = summons.sequence,
            .is_cancel = summons.method == workflows::Summons::Method::Cancel,
            .is_held = summons.notice != workflows::kCancelledNotice,
            .start = time ? time->start : workflows::LocalTime{},
            .end = time ? time->end : workflows::LocalTime{},
            .place = time ? time->place : std::string{},
            .title = context.requirement == nullptr
                         ? of.id
                         : context.requirement->title.in(snapshot.language),
            .agenda = workflows::description_of(of, date, snapshot.language),
            .answer_link = {}};
        if (meeting.is_cancel) {
            if (date != nullptr && !meeting.is_held) {
                fields["reason"] = date->cancelled;
            }
            if (!meeting.is_held && !of.final && !workflows::meeting_time(of)) {
                fields["postponed"] = "yes";
            }
            const auto lapsed = meeting.is_held
                                    ? Result<bool>{false}
                                    : prework_has_lapsed(transaction_, of, message_.person);
            if (!lapsed.ok()) {
                read_ = lapsed.error();
                return;
            }
            if (lapsed.value()) {
                fields["prework_lapsed"] = "yes";
            }
        } else {
            meeting.answer_link =
                workflows::answer_link(definitions_.installation.public_url,
                                       transaction_.ledger().salt, of.id, message_.person);
            fields["answer_link"] = meeting.answer_link;
            fields["agenda"] = workflows::agenda_of(of, date, snapshot.language);
            fields["lecturer"] = date == nullptr ? std::string{} : date->lecturer;
            auto prework = prework_in_words(transaction_, of, message_.person, snapshot.language);
            if (!prework.ok()) {
                read_ = prework.error();
                return;
            }
            fields["prework"] = std::move(prework).value();
            // Not where what they were to hear before was refused: to them it is the first.
            if (summons.notice == workflows::kInvitationNotice && summons.sequence > 0 &&
                now->invitation->refused.empty()) {
                fields["called_again"] = "yes";
            }
        }
        add_item(snapshot, of.id, std::string{summons.notice}, fields, message_.made_at, nullptr);
        snapshot.meeting = std::move(meeting);
    }

    /// A request has no deadline of its own: what counts is that of the case that it is about.
    void add_request(const workflows::Case& of, MessageSnapshot::Item& item) {
        if (const CaseFile* parent = transaction_.find_case(of.parent)) {
            item.due = parent->item.due;
        } else if (const auto stored = transaction_.snapshot()->find_case(of.parent);
                   !stored.ok()) {
            read_ = stored.error();
        } else if (stored.value()) {
            item.due = stored.value()->due;
        }
        const auto wish = of.fields.find("until");
        if (wish != of.fields.end()) {
            item.fields.insert(*wish);
        }
    }

    Transaction& transaction_;
    const Message& message_;
    const Definitions& definitions_;
    workflows::Date day_;
    workflows::Status read_{workflows::Done{}};  ///< Whether the store answered all that was asked.
};

/// A change that is no longer so.
bool is_past(Transaction& transaction, const Message::Told& told) {
    const CaseFile* file = transaction.find_case(told.case_id);
    const auto version = told.fields.find("version");
    const auto shared = told.fields.find(std::string{workflows::kShared});
    if (file != nullptr && shared != told.fields.end()) {
        // It goes when the case is over too, but not when that was undone, and perhaps done anew.
        const auto standing = file->item.fields.find(workflows::shared_by(shared->second));
        return standing == file->item.fields.end() ||
               standing->second != std::to_string(told.revision);
    }
    return file == nullptr || file->item.final ||
           (version != told.fields.end() &&
            version->second != std::to_string(file->item.due_version));
}

/// One last look at one message.
class Look {
 public:
    Look(Transaction& transaction, Message message, Circumstances circumstances)
        : transaction_(transaction),
          message_(std::move(message)),
          circumstances_(circumstances),
          definitions_(transaction.world().definitions) {}

    Result<LastLook> take() {
        const auto speaks = check();
        if (!speaks.ok()) {
            return speaks.error();
        }
        if (!speaks.value()) {
            message_.state = MessageState::Dropped;
            message_.next_at.reset();
            message_.settled_at = transaction_.now();
            transaction_.put(message_);
            if (message_.kind == NoticeKind::Invitation) {
                settle_invitation(transaction_, message_);
            }
            circumstances_.copies.forget(message_.number);
            return LastLook{.verdict = LastLook::Verdict::Never, .snapshot = std::nullopt};
        }
        if (transaction_.ledger().sending_on_hold && !says_that_all_is_held()) {
            return hold(Reason::SendingOnHold);
        }
        if (circumstances_.brake &&
            counts_for_brake(message_, circumstances_.after_gap, transaction_.now())) {
            return hold(Reason::Brake);
        }
        const bool has_slot = message_.kind == NoticeKind::Reminder ||
                              message_.kind == NoticeKind::Change ||
                              message_.kind == NoticeKind::Invitation;
        if (has_slot && !message_.at_once) {
            auto waits = wait_for_slot();
            if (!waits.ok()) {
                return waits.error();
            }
            if (waits.value()) {
                circumstances_.copies.forget(message_.number);
                return LastLook{.verdict = LastLook::Verdict::NotNow, .snapshot = std::nullopt};
            }
        }
        std::erase_if(message_.copies, [&](const std::string& person) {
            const auto* known = transaction_.find_person(person);
            return known == nullptr ||
                   !workflows::may_write_to(definitions_.installation, known->address) ||
                   !circumstances_.copies.claim(person, message_);
        });
        if (says_) {
            message_.language = says_->language;
            message_.told.front().notice = std::move(says_->notice);
            message_.told.front().fields = std::move(says_->fields);
        }
        SnapshotBuilder builder{transaction_, message_};
        auto built = builder.build(transaction_.reminders_in(message_.number));
        if (!built.ok()) {
            return built.error();
        }
        MessageSnapshot snapshot = std::move(built).value();
        snapshot.digest = std::move(digest_);
        return LastLook{.verdict = LastLook::Verdict::Go,
                        .snapshot = std::move(snapshot),
                        .message = std::move(message_)};
    }

 private:
    /// False when nothing is left to say.
    Result<bool> check() {
        switch (message_.kind) {
            case NoticeKind::Reminder:
                return check_reminders();
            case NoticeKind::Answer:
            case NoticeKind::Change:
                return check_told();
            case NoticeKind::Digest:
                return message_.channel == workflows::kTeamsChannel ? check_channel_digest()
                                                                    : check_digest();
            case NoticeKind::News:
                return check_news();
            case NoticeKind::Invitation:
                return check_invitation();
        }
        workflows::fail_assert("a kind of message that nobody looks at", __FILE__, __LINE__);
    }

    /// Settles the reminders that nothing is left of; false when none remains.
    bool check_reminders() {
        const auto* person = transaction_.find_person(message_.person);
        std::set<std::string> copies;
        const auto carried = transaction_.reminders_in(message_.number);
        // The latest first: it may be what overtakes another in the same message.
        for (auto reminder = carried.rbegin(); reminder != carried.rend(); ++reminder) {
            CaseFile* file = transaction_.find_case(reminder->case_id);
            FRISTVAKT_ASSERT(file != nullptr);
            const CaseContext context = workflows::context_of(file->item, definitions_);
            if (const auto gone = is_overtaken(*reminder, *file, context)) {
                end(*file, *reminder, *gone);
            } else if (person == nullptr) {
                end(*file, *reminder, Reason::NoRecipient);
            } else {
                check_audience(*file, *reminder, person->address, context, copies);
            }
        }
        copies.erase(message_.person);
        message_.copies.assign(copies.begin(), copies.end());
        return !transaction_.reminders_in(message_.number).empty();
    }

    [[nodiscard]] std::optional<Reason> is_overtaken(const Reminder& reminder, const CaseFile& file,
                                                     const CaseContext& context) const {
        if (const auto gone =
                workflows::overtaken(reminder, file.item, context, transaction_.now())) {
            return gone;
        }
        const bool later_spoke =
            std::any_of(file.reminders.begin(), file.reminders.end(), [&](const Reminder& other) {
                return other.person == reminder.person &&
                       (other.account == Account::Waiting || other.account == Account::Sent) &&
                       workflows::comes_after(other, reminder, context);
            });
        return later_spoke ? std::optional{Reason::LaterStep} : std::nullopt;
    }

    /// Whom the step reaches today: the recipient may have left the role, and so may the copies.
    void check_audience(CaseFile& file, const Reminder& reminder, const std::string& address,
                        const CaseContext& context, std::set<std::string>& copies) {
        const auto step = workflows::step_of(reminder, context);
        FRISTVAKT_ASSERT(step.has_value());  // Not overtaken: there is such a step.
        const auto day = definitions_.time_zone().date_of(transaction_.now());
        auto audience = workflows::audience_of(*step, file.item, context, definitions_, day,
                                               transaction_.world().refused);
        workflows::leave_out_answered(audience, *step, file.invitations,
                                      transaction_.world().persons);
        const auto recipient = std::find_if(
            audience.to.begin(), audience.to.end(), [&](const workflows::Recipient& one) {
                return workflows::lower_case(one.address) == workflows::lower_case(address);
            });
        if (recipient == audience.to.end()) {
            transaction_.absorb(
                file, workflows::redirect_reminder(file, reminder, Reason::RecipientChanged, day,
                                                   transaction_.now(), transaction_.world()));
        } else if (!workflows::may_write_to(definitions_.installation, address)) {
            end(file, reminder, Reason::NotAllowed);
        } else if (recipient->language != language_.value_or(recipient->language)) {
            carry_elsewhere(file, reminder, *recipient, audience.copy);
        } else {
            // The organisation may have decided on another language since the message was made.
            language_ = message_.language = recipient->language;
            for (const workflows::Recipient& copy : audience.copy) {
                const std::string& id = transaction_.world().persons.of(copy.address);
                transaction_.know({.id = id, .address = copy.address, .name = copy.name});
                copies.insert(id);
            }
        }
    }

    /// What the others in the message are written in is not what this recipient is written to in:
    /// another message takes it.
    void carry_elsewhere(CaseFile& file, const Reminder& reminder, const workflows::Recipient& to,
                         const std::vector<workflows::Recipient>& copy) {
        Reminder freed = reminder;
        freed.message = 0;
        for (Reminder& known : file.reminders) {
            if (known.same_key(freed)) {
                known.message = 0;
            }
        }
        workflows::Decision decision;
        workflows::settle(file, freed, freed.account, freed.reason, transaction_.now(), decision);
        decision.claims.push_back({std::move(freed), to, copy, false});
        transaction_.absorb(file, std::move(decision));
    }

    /// Takes out what is no longer true; false when nothing remains.
    Result<bool> check_told() {
        const auto* person = transaction_.find_person(message_.person);
        if (person == nullptr ||
            !workflows::may_write_to(definitions_.installation, person->address)) {
            message_.reason = Reason::NotAllowed;
            return false;
        }
        if (message_.kind == NoticeKind::Change) {
            std::erase_if(message_.told,
                          [&](const Message::Told& told) { return is_past(transaction_, told); });
            message_.reason = message_.told.empty() ? Reason::CaseMovedOn : message_.reason;
            if (const auto said = leave_to_invitations(); !said.ok()) {
                return said.error();
            }
        }
        return !message_.told.empty();
    }

    /// Takes out what the invitation to a meeting says of what is brought to it.
    workflows::Status leave_to_invitations() {
        for (std::size_t i = message_.told.size(); i-- > 0;) {
            const auto told = is_told_by_invitation(transaction_, message_, message_.told[i]);
            if (!told.ok()) {
                return told.error();
            }
            if (told.value()) {
                message_.told.erase(message_.told.begin() + static_cast<std::ptrdiff_t>(i));
                message_.reason = message_.told.empty() ? Reason::LaterStep : message_.reason;
            }
        }
        return workflows::Done{};
    }

    /// What it says is found out now: nothing, when its person knows already what is so.
    bool check_invitation() {
        auto now = invitation_now(transaction_, message_);
        if (!now) {
            message_.reason = Reason::CaseMovedOn;
            return false;
        }
        const auto* person = transaction_.find_person(message_.person);
        const auto under_way = now->invitation->message;
        if (under_way != 0 && under_way != message_.number) {
            message_.reason = Reason::LaterStep;  // Another says it.
        } else if (person == nullptr || person->address.empty()) {
            message_.reason = Reason::NoRecipient;
        } else if (!workflows::may_write_to(definitions_.installation, person->address)) {
            message_.reason = Reason::NotAllowed;
        } else if (!now->is_news || workflows::uses_calendar_service(definitions_.installation)) {
            message_.reason = Reason::CaseMovedOn;
        } else {
            // Noted in it only when it goes: what it says until then is what it said last.
            says_ = Says{.notice = std::string{now->summons.notice},
                         .fields = workflows::noted(now->summons),
                         .language = now->language};
            return true;
        }
        return false;
    }

    Result<bool> check_digest() {
        const auto* person = transaction_.find_person(message_.person);
        const auto day = definitions_.time_zone().date_of(transaction_.now());
        const bool is_officer =
            person != nullptr && workflows::is_case_officer(person->address, definitions_, day,
                                                            transaction_.world().refused);
        if (!is_officer || !workflows::may_write_to(definitions_.installation, person->address)) {
            message_.reason = is_officer ? Reason::NotAllowed : Reason::RecipientChanged;
            return false;
        }
        return write_digest({.address = person->address});
    }

    /// Null, with the reason, when the channel is gone or may not be posted to.
    const workflows::TeamsChannel* channel() {
        const auto* person = transaction_.find_person(message_.person);
        const auto* found =
            person == nullptr
                ? nullptr
                : definitions_.find_teams_channel(workflows::teams_id(person->address));
        if (found == nullptr) {
            message_.reason = Reason::RecipientChanged;
        } else if (!workflows::may_write_to(definitions_.installation, person->address)) {
            message_.reason = Reason::NotAllowed;
            return nullptr;
        }
        return found;
    }

    Result<bool> check_channel_digest() {
        const workflows::TeamsChannel* const reader = channel();
        if (reader == nullptr) {
            return false;
        }
        const auto& records = transaction_.ledger().channels;
        const auto record = records.find(reader->id);
        if (record != records.end() && record->second.digested_until &&
            *record->second.digested_until > message_.slot_at) {
            message_.reason = Reason::LaterStep;  // The next one says what is so now.
            return false;
        }
        return write_digest({.address = {}, .channel = reader});
    }

    /// False when there is nothing to say. But every fourth week a sign of life, so that silence
    /// is never taken for a dead daemon.
    Result<bool> write_digest(const DigestReader& reader) {
        const auto store = transaction_.snapshot();
        auto digest =
            digest_for(reader, *store, definitions_, message_.slot_at, transaction_.now());
        if (!digest.ok()) {
            return digest.error();
        }
        digest_ = std::move(digest).value();
        const bool is_once_a_week =
            !digest_->is_daily || workflows::cal::weekday{digest_->day}.c_encoding() == 1;
        if (digest_->is_calm() && (digest_->week % 4 != 0 || !is_once_a_week)) {
            message_.reason = Reason::NothingToSay;
            return false;
        }
        return true;
    }

    /// Only while it is the same silence, to somebody who still is to know.
    bool check_silence() {
        const auto field = [&](const char* name) {
            const auto found = message_.told.front().fields.find(name);
            return found == message_.told.front().fields.end() ? std::string{} : found->second;
        };
        const auto* person = transaction_.find_person(message_.person);
        const auto* about = definitions_.find_teams_channel(field("channel"));
        const workflows::CanaryRecord record = canary_of(field("channel"));
        const bool is_so = about != nullptr && about->canary && record.silent_since &&
                           workflows::iso_utc(*record.silent_since) == field("silence");
        if (!is_so || person == nullptr) {
            message_.reason = Reason::CaseMovedOn;
        } else if (std::to_string(record.mailed) != field("card")) {
            message_.reason = Reason::LaterStep;  // A later mail says the same.
        } else if (!is_keeper(person->address)) {
            message_.reason = Reason::RecipientChanged;
        } else if (!workflows::may_write_to(definitions_.installation, person->address)) {
            message_.reason = Reason::NotAllowed;
        } else {
            return true;
        }
        return false;
    }

    [[nodiscard]] bool is_keeper(const std::string& address) const {
        return std::ranges::any_of(
            workflows::channel_keepers(definitions_, transaction_.world().refused),
            [&](const workflows::Recipient& keeper) {
                return workflows::lower_case(keeper.address) == workflows::lower_case(address);
            });
    }

    [[nodiscard]] workflows::CanaryRecord canary_of(const std::string& channel) const {
        const auto& records = transaction_.ledger().channels;
        const auto known = records.find(channel);
        return known == records.end() ? workflows::CanaryRecord{} : known->second.canary;
    }

    /// Takes out what is no longer so; false when nothing remains.
    bool check_news() {
        if (message_.channel == workflows::kEmailChannel) {
            return check_silence();
        }
        const workflows::TeamsChannel* const reader = channel();
        if (reader == nullptr) {
            return false;
        }
        std::erase_if(message_.told, [&](const Message::Told& told) {
            if (told.notice == workflows::kCanaryNews) {
                // A later one asks the same.
                return canary_of(reader->id).card != message_.number;
            }
            if (told.case_id.empty()) {
                return told.notice == workflows::kHoldNews &&
                       !transaction_.ledger().sending_on_hold;
            }
            const CaseFile* file = transaction_.find_case(told.case_id);
            const auto state = told.fields.find("state");
            if (file == nullptr) {
                return true;
            }
            // A meeting that was moved and moved back has not been moved.
            const bool is_as_before =
                told.notice == workflows::kMoved &&
                workflows::former_meeting_time(told.fields) == workflows::meeting_time(file->item);
            return is_as_before || (state != told.fields.end() && !state->second.empty() &&
                                    state->second != file->item.state);
        });
        message_.reason = message_.told.empty() ? Reason::CaseMovedOn : message_.reason;
        return !message_.told.empty();
    }

    /// What tells our own people that nothing goes, goes; but nothing at all after a restore.
    [[nodiscard]] bool says_that_all_is_held() const {
        return message_.kind == NoticeKind::News && !transaction_.ledger().restored_at &&
               std::ranges::all_of(message_.told, [](const Message::Told& told) {
                   return told.case_id.empty() && told.notice != workflows::kCanaryNews &&
                          told.notice != workflows::kSilenceNews;
               });
    }

    void end(CaseFile& file, const Reminder& reminder, Reason reason) {
        workflows::Decision decision;
        workflows::settle(file, reminder, workflows::account_for(reason), reason,
                          transaction_.now(), decision);
        transaction_.absorb(file, std::move(decision));
    }

    Result<LastLook> hold(Reason reason) {
        for (const Reminder& reminder : transaction_.reminders_in(message_.number)) {
            CaseFile* file = transaction_.find_case(reminder.case_id);
            FRISTVAKT_ASSERT(file != nullptr);
            end(*file, reminder, reason);
        }
        // One that may have arrived stays uncertain: let go, it is sent again byte for byte.
        if (message_.state != MessageState::Uncertain) {
            message_.state = MessageState::Held;
            message_.reason = reason;
        }
        message_.next_at.reset();
        transaction_.put(message_);
        circumstances_.copies.forget(message_.number);
        return LastLook{.verdict = LastLook::Verdict::NotNow, .snapshot = std::nullopt};
    }

    /// Moves the message to a later slot when its own has gone by; true when it must wait.
    Result<bool> wait_for_slot() {
        const auto& zone = definitions_.time_zone();
        const bool open =
            workflows::is_open(definitions_.installation.send_window, transaction_.now(), zone);
        const bool today = zone.date_of(message_.slot_at) == zone.date_of(transaction_.now());
        if (open && today) {
            return false;
        }
        if (message_.kind != NoticeKind::Reminder) {
            const auto opening = workflows::next_opening(definitions_.installation.send_window,
                                                         transaction_.now(), zone);
            message_.slot_at = opening.value_or(transaction_.now());
        } else {
            auto slot = transaction_.place_anew(message_, transaction_.now());
            if (!slot.ok()) {
                return slot.error();
            }
            message_.slot_at = slot.value();
        }
        // Stored at once, also when it goes now: others must see that this day's slot is taken.
        message_.next_at = message_.slot_at;
        transaction_.put(message_);
        return message_.slot_at > transaction_.now();
    }

    /// What an invitation is found to say.
    struct Says {
        std::string notice;
        std::map<std::string, std::string> fields;
        workflows::Language language;
    };

    Transaction& transaction_;
    Message message_;
    std::optional<Says> says_;
    std::optional<workflows::WeeklyDigest> digest_;
    std::optional<workflows::Language> language_;  ///< Of what has been found to go.
    Circumstances circumstances_;
    const Definitions& definitions_;
};

}  // namespace

Result<MessageSnapshot> describe_message(Transaction& transaction, const Message& message,
                                         const std::vector<Reminder>& reminders) {
    return SnapshotBuilder{transaction, message}.build(reminders);
}

MessageSnapshot::Item describe_case(const workflows::Case& of, const Definitions& definitions,
                                    workflows::Date day) {
    const CaseContext context = workflows::context_of(of, definitions);
    MessageSnapshot::Item item;
    item.case_id = of.id;
    item.due = of.due;
    item.answer_by = of.state_deadline;
    if (const auto meeting = workflows::meeting_time(of)) {
        item.fields = workflows::fields_of(*meeting);
    }
    item.state_title = workflows::state_title(of, context);
    if (context.cohort != nullptr) {
        item.cohort_title = context.cohort->title;
    }
    if (context.requirement != nullptr) {
        item.requirement_title = context.requirement->title;
        item.instructions = context.requirement->instructions;
        item.deliver_to = context.requirement->deliver.to;
        item.deliver_copy = context.requirement->deliver.copy;
        item.case_number = context.requirement->deliver.case_number;
    }
    if (const auto* debtor = definitions.find_organisation(of.debtor)) {
        item.debtor_name = debtor->name;
    }
    const auto responsible = workflows::holders({workflows::Party::Creditor, "saksbehandler"}, of,
                                                context, definitions, day, {});
    if (!responsible.empty()) {
        item.responsible_name = responsible.front().name;
        item.responsible_email = responsible.front().address;
        item.responsible_phone = responsible.front().phone;
    }
    const auto contacts = workflows::debtor_contacts(of, context, definitions, day, {});
    if (!contacts.empty()) {
        item.debtor_contact_name = contacts.front().name;
        item.debtor_contact_email = contacts.front().address;
        item.debtor_contact_phone = contacts.front().phone;
    }
    return item;
}

bool CopyRegister::claim(const std::string& person, const Message& message) {
    const auto [claimed, is_new] = copied_.try_emplace({message.slot_at, person}, message.number);
    if (is_new) {
        places_[message.number].push_back(claimed->first);
    }
    return is_new || claimed->second == message.number;
}

void CopyRegister::forget(std::int64_t message) {
    const auto places = places_.find(message);
    if (places != places_.end()) {
        for (const Place& place : places->second) {
            copied_.erase(place);
        }
        places_.erase(places);
    }
}

bool says_nothing(Transaction& transaction, const Message& message) {
    if (message.kind == NoticeKind::Change) {
        return std::ranges::all_of(message.told, [&](const Message::Told& told) {
            if (is_past(transaction, told)) {
                return true;
            }
            // What cannot be read now is found out at its last look.
            const auto said = is_told_by_invitation(transaction, message, told);
            return said.ok() && said.value();
        });
    }
    if (message.kind == NoticeKind::Invitation) {
        const auto now = invitation_now(transaction, message);
        const auto under_way = now ? now->invitation->message : 0;
        return !now || !now->is_news || (under_way != 0 && under_way != message.number);
    }
    return false;
}

bool counts_for_brake(const Message& message, bool after_gap, Instant now) {
    const bool is_ours = message.kind == NoticeKind::Digest || message.kind == NoticeKind::News;
    if (is_ours || message.state != MessageState::Waiting || message.attempts > 0) {
        return false;
    }
    // One that was released, or moved to another slot, has been seen since.
    const bool never_seen = message.next_at == message.slot_at;
    return message.catch_up ||
           (after_gap && never_seen && workflows::is_late(message.slot_at, now));
}

void CopyRegister::forget_before(Instant instant) {
    const auto end = copied_.lower_bound({instant, std::string{}});
    for (auto gone = copied_.begin(); gone != end; gone = copied_.erase(gone)) {
        const auto places = places_.find(gone->second);
        if (std::erase(places->second, gone->first) > 0 && places->second.empty()) {
            places_.erase(places);
        }
    }
}

Result<LastLook> look_last(Transaction& transaction, Message message, Circumstances circumstances) {
    return Look{transaction, std::move(message), circumstances}.take();
}

std::string message_id_of(const Message& message, const workflows::Installation& installation) {
    const std::string contents = std::string{to_string(message.kind)} + "|" + message.person + "|" +
                                 workflows::iso_utc(message.made_at);
    return workflows::person_id("message", contents).substr(1) + "." +
           std::to_string(message.number) + "@" + domain_of(installation.mail.from);
}

}  // namespace fristvakt::daemon
