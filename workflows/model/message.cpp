#include "workflows/model/message.hpp"

#include <string_view>

#include "workflows/assert.hpp"

namespace fristvakt::workflows {

std::string_view to_string(MessageState state) {
    switch (state) {
        case MessageState::Waiting:
            return "waiting";
        case MessageState::Sending:
            return "sending";
        case MessageState::Sent:
            return "sent";
        case MessageState::Held:
            return "held";
        case MessageState::Failed:
            return "failed";
        case MessageState::Dropped:
            return "dropped";
        case MessageState::Uncertain:
            return "uncertain";
    }
    fail_assert("a message state without a name", __FILE__, __LINE__);
}

std::string_view to_string(NoticeKind kind) {
    switch (kind) {
        case NoticeKind::Reminder:
            return "reminder";
        case NoticeKind::Answer:
            return "answer";
        case NoticeKind::Change:
            return "change";
        case NoticeKind::Digest:
            return "digest";
        case NoticeKind::News:
            return "news";
        case NoticeKind::Invitation:
            return "invitation";
    }
    fail_assert("a kind of notice without a name", __FILE__, __LINE__);
}

std::string teams_address(std::string_view id) {
    return std::string{kTeamsChannel} + ":" + std::string{id};
}

std::string_view teams_id(std::string_view address) {
    const bool is_channel =
        address.starts_with(kTeamsChannel) && address.substr(kTeamsChannel.size()).starts_with(':');
    return is_channel ? address.substr(kTeamsChannel.size() + 1) : std::string_view{};
}

}  // namespace fristvakt::workflows
