#include "workflows/model/invitation.hpp"

#include <array>
#include <utility>

namespace fristvakt::workflows {
namespace {

constexpr std::array<std::pair<Response, std::string_view>, 5> kResponses{{
    {Response::None, "none"},
    {Response::Accepted, "accepted"},
    {Response::Tentative, "tentative"},
    {Response::Declined, "declined"},
    {Response::Delegated, "delegated"},
}};

}  // namespace

std::string_view to_string(Response response) {
    return kResponses.at(static_cast<std::size_t>(response)).second;
}

std::optional<Response> parse_response(std::string_view text) {
    for (const auto& [response, word] : kResponses) {
        if (word == text) {
            return response;
        }
    }
    return std::nullopt;
}

Response counting_response(const Invitation& invitation) {
    return invitation.response_sequence < invitation.sequence ? Response::None
                                                              : invitation.response;
}

}  // namespace fristvakt::workflows
