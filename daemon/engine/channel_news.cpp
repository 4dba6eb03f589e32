#include "daemon/engine/channel_news.hpp"

#include <algorithm>
#include <iterator>

#include "daemon/engine/transaction.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/definition/teams_channel.hpp"

/// How events become cards for the channels in Teams.
namespace fristvakt::daemon {

using workflows::CaseFile;
using workflows::Done;
using workflows::Instant;
using workflows::LogEntry;
using workflows::Message;
using workflows::MessageState;
using workflows::NoticeKind;
using workflows::Status;
using workflows::TeamsChannel;

namespace {

/// What comes within this time of the first event stands in one card.
constexpr std::chrono::minutes kGathered{1};
/// Between two cards of news to one channel, so that nobody mutes it.
constexpr std::chrono::minutes kApart{5};
/// Cases in one card; of the rest it says how many.
constexpr std::size_t kToldMax = 100;
constexpr const char* kOthers = "others";

/// The case that `event` opened below `file`, of which there is more to say; null: none.
const CaseFile* opened_by(Transaction& transaction, const CaseFile& file,
                          const std::string& event) {
    const auto context = workflows::context_of(file.item, transaction.world().definitions);
    if (context.workflow == nullptr) {
        return nullptr;
    }
    for (const workflows::State& state : context.workflow->states) {
        for (const workflows::Transition& transition : state.on) {
            if (transition.event == event && !transition.opens.empty()) {
                return file.open_children.empty()
                           ? nullptr
                           : transaction.find_case(file.open_children.back());
            }
        }
    }
    return nullptr;
}

void add_told(Message& message, const News& news) {
    const auto same = std::ranges::find_if(message.told, [&](const Message::Told& told) {
        return told.case_id == news.case_id && told.notice == news.what;
    });
    if (same != message.told.end()) {
        same->fields["state"] = news.state;
    } else if (message.told.size() < kToldMax) {
        auto& told = message.told.emplace_back();
        told.case_id = news.case_id;
        told.notice = news.what;
        told.fields["state"] = news.state;
        told.fields.insert(news.former.begin(), news.former.end());
    } else {
        std::string& others = message.told.back().fields[kOthers];
        others = std::to_string(others.empty() ? 1 : std::stoll(others) + 1);
    }
}

}  // namespace

std::vector<News> Transaction::news_of_events() {
    std::vector<News> news = news_;
    for (const LogEntry& entry : batch_.entries) {
        const CaseFile* file = entry.kind == "event" ? find_case(entry.case_id) : nullptr;
        if (file == nullptr) {
            continue;
        }
        const CaseFile* child = opened_by(*this, *file, entry.event);
        const CaseFile& about = child == nullptr ? *file : *child;
        News& one = news.emplace_back();
        one = {.what = entry.event, .case_id = about.item.id, .state = about.item.state};
        std::ranges::copy_if(
            entry.data, std::inserter(one.former, one.former.end()),
            [](const auto& field) { return workflows::is_former_field(field.first); });
    }
    if (ledger_.sending_on_hold && !ledger_before_.sending_on_hold) {
        news.push_back({.what = std::string{workflows::kHoldNews}, .case_id = {}, .state = {}});
    }
    return news;
}

Status Transaction::tell_channels() {
    if (setting_.definitions.installation.teams.empty()) {
        return Done{};
    }
    const std::vector<News> news = news_of_events();
    for (const TeamsChannel& channel : setting_.definitions.installation.teams) {
        std::vector<News> wanted;
        for (const News& one : news) {
            const CaseFile* file = one.case_id.empty() ? nullptr : find_case(one.case_id);
            const auto* cohort =
                file == nullptr ? nullptr : setting_.definitions.find_cohort(file->item.cohort);
            const std::string_view name = one.case_id.empty() ? workflows::kHoldNews : one.what;
            const bool is_theirs = one.case_id.empty() || workflows::is_told_of(channel, cohort);
            if (is_theirs && std::ranges::find(channel.events, name) != channel.events.end()) {
                wanted.push_back(one);
            }
        }
        const Status told = tell_channel(channel, wanted);
        if (!told.ok()) {
            return told;
        }
    }
    return Done{};
}

Status Transaction::tell_channel(const TeamsChannel& channel, const std::vector<News>& news) {
    std::vector<News> about_cases;
    for (const News& one : news) {
        if (one.case_id.empty()) {
            // Alone, and at once: it goes although all else is held.
            Message message = message_to(channel, NoticeKind::News, setting_.now);
            add_told(message, one);
            made_.push_back(std::move(message));
        } else {
            about_cases.push_back(one);
        }
    }
    if (about_cases.empty()) {
        return Done{};
    }
    const auto known = gathering_.find(channel.id);
    Instant slot = setting_.now + kGathered;
    if (known != gathering_.end()) {
        const Status loaded = load_messages({known->second.message});
        if (!loaded.ok()) {
            return loaded;
        }
        const Message* stored = find_message(known->second.message);
        if (stored != nullptr && stored->state == MessageState::Waiting && stored->attempts == 0 &&
            stored->next_at && *stored->next_at > setting_.now) {
            Message waiting = *stored;
            for (const News& one : about_cases) {
                add_told(waiting, one);
            }
            put(waiting);
            return Done{};
        }
        slot = std::max(slot, known->second.slot_at + kApart);
    }
    Message message = message_to(channel, NoticeKind::News, slot);
    for (const News& one : about_cases) {
        add_told(message, one);
    }
    gathering_[channel.id] = {.message = message.number, .slot_at = slot};
    made_.push_back(std::move(message));
    return Done{};
}

Message Transaction::message_to(const TeamsChannel& channel, NoticeKind kind, Instant slot) {
    const auto& installation = setting_.definitions.installation;
    const std::string address = workflows::teams_address(channel.id);
    Message message;
    message.number = ++ledger_.messages_made;
    message.kind = kind;
    message.channel = workflows::kTeamsChannel;
    message.person = setting_.persons.of(address);
    message.organisation = installation.organisation;
    message.language = channel.language.value_or(installation.default_language);
    message.slot_at = slot;
    message.next_at = slot;
    message.made_at = setting_.now;
    know({.id = message.person, .address = address, .name = {}});
    return message;
}

void Transaction::make_digest(const TeamsChannel& channel, Instant slot) {
    made_.push_back(message_to(channel, NoticeKind::Digest, slot));
}

}  // namespace fristvakt::daemon
