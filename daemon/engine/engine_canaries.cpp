#include <algorithm>
#include <utility>

#include "daemon/engine/engine.hpp"
#include "workflows/decision/canary.hpp"
#include "workflows/decision/weekly_digest.hpp"
#include "workflows/time/send_window.hpp"

/// Whether cards to Teams are seen: a card asks each week, and when nobody confirms it, those who
/// keep the installation are told by mail, once for each card.
namespace fristvakt::daemon {

using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::LogEntry;
using workflows::Message;
using workflows::NoticeKind;
using workflows::Status;
using workflows::TeamsChannel;

namespace {

workflows::CanaryRecord canary_of(const workflows::Ledger& ledger, const TeamsChannel& channel) {
    const auto known = ledger.channels.find(channel.id);
    return known == ledger.channels.end() ? workflows::CanaryRecord{} : known->second.canary;
}

/// The time at which a card is to be made; nothing: none is.
std::optional<Instant> slot_due(const TeamsChannel& channel, const workflows::CanaryRecord& record,
                                const workflows::Definitions& definitions, Instant now) {
    const auto slot = workflows::last_digest(channel.canary, definitions.installation.send_window,
                                             definitions.time_zone(), now);
    return slot && (!record.made_until || *record.made_until < *slot) ? slot : std::nullopt;
}

bool is_to_be_mailed(const workflows::CanaryRecord& record,
                     const workflows::Definitions& definitions, Instant now) {
    return record.mailed != record.card &&
           workflows::is_silent(record, definitions.time_zone(), now);
}

}  // namespace

void Transaction::make_canary(const TeamsChannel& channel, Instant slot) {
    Message message = message_to(channel, NoticeKind::News, slot);
    message.told.emplace_back().notice = workflows::kCanaryNews;
    auto& record = ledger_.channels[channel.id].canary;
    record.card = message.number;
    record.posted_at.reset();
    made_.push_back(std::move(message));
}

void Transaction::make_silence_mail(const TeamsChannel& channel,
                                    const workflows::Recipient& keeper) {
    const auto opening = workflows::next_opening(setting_.definitions.installation.send_window,
                                                 setting_.now, setting_.definitions.time_zone());
    Message message;
    message.number = ++ledger_.messages_made;
    message.kind = NoticeKind::News;
    message.person = setting_.persons.of(keeper.address);
    message.organisation = keeper.organisation;
    message.language = keeper.language;
    message.slot_at = opening.value_or(setting_.now);
    message.next_at = message.slot_at;
    message.made_at = setting_.now;
    const workflows::CanaryRecord& record = ledger_.channels[channel.id].canary;
    auto& told = message.told.emplace_back();
    told.notice = workflows::kSilenceNews;
    told.fields = {
        {"channel", channel.id},
        {"card", std::to_string(record.card)},
        {"silence", record.silent_since ? workflows::iso_utc(*record.silent_since) : ""}};
    know({.id = message.person, .address = keeper.address, .name = keeper.name});
    made_.push_back(std::move(message));
}

Status Engine::canaries_due(Instant now) {
    const auto is_due = [&](const TeamsChannel& channel) {
        const auto record = canary_of(ledger_, channel);
        return channel.canary && (slot_due(channel, record, *definitions_, now) ||
                                  is_to_be_mailed(record, *definitions_, now));
    };
    const auto& channels = definitions_->installation.teams;
    if (std::ranges::none_of(channels, is_due)) {
        return Done{};
    }
    Transaction transaction = begin(now);
    for (const TeamsChannel& channel : channels) {
        if (!is_due(channel)) {
            continue;
        }
        auto& record = transaction.ledger().channels[channel.id].canary;
        if (is_to_be_mailed(record, *definitions_, now)) {
            record.mailed = record.card;
            for (const auto& keeper : workflows::channel_keepers(*definitions_, refused_)) {
                transaction.make_silence_mail(channel, keeper);
            }
        }
        if (const auto slot = slot_due(channel, record, *definitions_, now)) {
            // The first one comes at the first time that lies ahead.
            if (std::exchange(record.made_until, record.made_until ? *slot : now)) {
                transaction.make_canary(channel, *slot);
            }
        }
    }
    return commit(transaction);
}

std::optional<Instant> Engine::next_canary(Instant now) const {
    std::optional<Instant> next;
    const auto consider = [&](const std::optional<Instant>& at) {
        if (at && *at > now) {
            next = next ? std::min(*next, *at) : at;
        }
    };
    for (const TeamsChannel& channel : definitions_->installation.teams) {
        if (channel.canary) {
            consider(workflows::next_digest(channel.canary, definitions_->installation.send_window,
                                            definitions_->time_zone(), now));
            consider(workflows::unseen_at(canary_of(ledger_, channel), definitions_->time_zone()));
        }
    }
    return next;
}

Status Engine::confirm_card(const std::string& channel, std::int64_t card, Instant now) {
    const auto known = ledger_.channels.find(channel);
    if (definitions_->find_teams_channel(channel) == nullptr || known == ledger_.channels.end()) {
        return Error{ErrorKind::NotFound, "there is no channel " + channel, "no-channel"};
    }
    if (known->second.canary.card != card) {
        return Error{ErrorKind::Conflict, "a later card is under way; confirm that one",
                     "old-card"};
    }
    if (known->second.canary.confirmed == card) {
        return Done{};
    }
    Transaction transaction = begin(now);
    workflows::note_confirmed(transaction.ledger().channels[channel].canary, now);
    LogEntry entry;
    entry.at = now;
    entry.kind = "card_confirmed";
    entry.data = {{"channel", channel}, {"message", std::to_string(card)}};
    transaction.note(std::move(entry));
    return commit(transaction);
}

}  // namespace fristvakt::daemon
