#include "workflows/model/case.hpp"

#include <array>
#include <optional>
#include <string_view>

#include "workflows/assert.hpp"

namespace fristvakt::workflows {

std::string_view to_string(Actor actor) {
    switch (actor) {
        case Actor::Debtor:
            return "debtor";
        case Actor::Creditor:
            return "creditor";
        case Actor::Operator:
            return "operator";
        case Actor::Clock:
            return "clock";
        case Actor::Configuration:
            return "configuration";
        case Actor::Child:
            return "child";
        case Actor::Parent:
            return "parent";
        case Actor::Attendee:
            return "attendee";
    }
    fail_assert("an actor without a name", __FILE__, __LINE__);
}

std::optional<Actor> parse_actor(std::string_view text) {
    constexpr std::array kAll{Actor::Debtor, Actor::Creditor, Actor::Operator,
                              Actor::Clock,  Actor::Child,    Actor::Configuration,
                              Actor::Parent, Actor::Attendee};
    for (const Actor actor : kAll) {
        if (to_string(actor) == text) {
            return actor;
        }
    }
    return std::nullopt;
}

}  // namespace fristvakt::workflows
