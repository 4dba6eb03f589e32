#include "daemon/simulation/present_state.hpp"

#include <algorithm>
#include <set>

#include "workflows/decision/recipients.hpp"
#include "workflows/each_case.hpp"

namespace fristvakt::daemon {

using workflows::Account;
using workflows::Case;
using workflows::Done;
using workflows::Instant;
using workflows::MessageState;
using workflows::Reminder;
using workflows::Status;
using workflows::StoredMessage;

namespace {

constexpr std::size_t kPage{1000};
/// The nag budget looks at one ISO week.
constexpr std::chrono::hours kLately{24 * 8};

/// Gathers what is taken along.
class Luggage {
 public:
    Luggage(workflows::Snapshot& from, Instant now) : from_(from), now_(now) {}

    Status pack() {
        for (const MessageState state :
             {MessageState::Waiting, MessageState::Sending, MessageState::Uncertain,
              MessageState::Held, MessageState::Sent}) {
            if (const Status packed = pack_messages(state); !packed.ok()) {
                return packed;
            }
        }
        return pack_cases();
    }
    void know(workflows::Person person) { persons_.emplace(person.id, std::move(person)); }
    [[nodiscard]] workflows::Batch batch(workflows::Ledger ledger) const {
        ledger.sending_on_hold = false;
        ledger.hold_reason.clear();
        ledger.restored_at.reset();
        ledger.demo_clock = false;
        ledger.books = {};
        workflows::LogEntry entry;
        entry.at = now_;
        entry.kind = "taken_along";
        entry.change = change_;
        for (const Reminder& reminder : change_.reminders) {
            count(reminder.account, ledger.books);
        }
        entry.change.ledger = std::move(ledger);
        workflows::Batch batch;
        batch.entries.push_back(std::move(entry));
        for (const auto& [id, person] : persons_) {
            batch.persons.push_back(person);
        }
        return batch;
    }

 private:
    static void count(Account account, workflows::Books& books) {
        ++books.planned;
        switch (account) {
            case Account::Sent:
                ++books.sent;
                break;
            case Account::Held:
                ++books.held;
                break;
            case Account::Suppressed:
                ++books.suppressed;
                break;
            case Account::Superseded:
                ++books.superseded;
                break;
            case Account::Failed:
                ++books.failed;
                break;
            case Account::Waiting:
                ++books.waiting;
                break;
        }
    }

    Status pack_messages(MessageState state) {
        workflows::MessageFilter filter;
        filter.state = state;
        filter.count_max = kPage;
        while (true) {
            const auto page = from_.messages(filter);
            if (!page.ok()) {
                return page.error();
            }
            for (const StoredMessage& stored : page.value()) {
                if (state == MessageState::Sent && stored.message.slot_at + kLately < now_) {
                    return Done{};  // Newest first: the rest is older.
                }
                take(stored);
            }
            if (page.value().size() < kPage) {
                return Done{};
            }
            filter.before_number = page.value().back().message.number;
        }
    }
    void take(const StoredMessage& stored) {
        if (stored.message.kind == workflows::NoticeKind::Digest ||
            stored.message.kind == workflows::NoticeKind::News) {
            return;
        }
        numbers_.insert(stored.message.number);
        change_.messages.push_back(stored.message);
        know(stored.to);
        for (const workflows::Person& copy : stored.copies) {
            know(copy);
        }
        for (const Reminder& reminder : stored.reminders) {
            carried_.push_back(reminder);
        }
    }

    Status pack_cases() {
        const Status packed =
            workflows::each_case(from_, {}, [this](const Case& item) { return pack_case(item); });
        if (!packed.ok()) {
            return packed;
        }
        // Of closed cases, those that a message still carries.
        for (const Reminder& reminder : carried_) {
            if (!open_.contains(reminder.case_id)) {
                change_.reminders.push_back(reminder);
            }
        }
        return Done{};
    }
    Status pack_case(const Case& item) {
        change_.cases.push_back(item);
        if (item.invited_count > 0) {
            if (const Status packed = pack_invitations(item.id); !packed.ok()) {
                return packed;
            }
        }
        if (item.final) {
            return Done{};
        }
        open_.insert(item.id);
        const auto reminders = from_.reminders_of(item.id);
        if (!reminders.ok()) {
            return reminders.error();
        }
        for (Reminder reminder : reminders.value()) {
            if (!numbers_.contains(reminder.message)) {
                reminder.message = 0;
            }
            change_.reminders.push_back(std::move(reminder));
        }
        return Done{};
    }

    Status pack_invitations(const std::string& case_id) {
        auto invitations = from_.invitations_of(case_id);
        if (!invitations.ok()) {
            return invitations.error();
        }
        for (workflows::StoredInvitation stored : std::move(invitations).value()) {
            if (!numbers_.contains(stored.invitation.message)) {
                stored.invitation.message = 0;
            }
            know(stored.person);
            change_.invitations.push_back(std::move(stored.invitation));
        }
        return Done{};
    }

    workflows::Snapshot& from_;
    Instant now_;
    workflows::Change change_;
    std::vector<Reminder> carried_;
    std::set<std::int64_t> numbers_;
    std::set<std::string> open_;
    std::map<std::string, workflows::Person> persons_;
};

}  // namespace

Status take_along(workflows::Snapshot& from, const workflows::Definitions& definitions, Instant now,
                  workflows::Store& into) {
    auto ledger = from.ledger();
    if (!ledger.ok()) {
        return ledger.error();
    }
    Luggage luggage{from, now};
    if (const Status packed = luggage.pack(); !packed.ok()) {
        return packed;
    }
    workflows::PersonIds ids{ledger.value().salt};
    const auto know = [&](const std::string& address) {
        if (!address.empty()) {
            luggage.know({.id = ids.of(address), .address = address, .name = {}});
        }
    };
    for (const workflows::Contact& contact : definitions.contacts) {
        know(contact.email);
    }
    for (const auto& [id, organisation] : definitions.organisations) {
        know(organisation.email);
    }
    const auto epoch = into.lead();
    if (!epoch.ok()) {
        return epoch.error();
    }
    workflows::Batch batch = luggage.batch(std::move(ledger).value());
    batch.epoch = epoch.value();
    const auto done = into.commit(batch);
    return done.ok() ? Status{Done{}} : Status{done.error()};
}

}  // namespace fristvakt::daemon
