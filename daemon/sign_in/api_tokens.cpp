#include "daemon/sign_in/api_tokens.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "daemon/access/form_token.hpp"
#include "workflows/model/digest.hpp"
#include "workflows/time/nearest.hpp"

namespace fristvakt::daemon {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::Scope;

namespace {

Error unknown(std::string_view what, const std::string& id,
              const std::vector<std::string_view>& known) {
    const std::string_view nearest = workflows::nearest_word(id, known);
    return {
        ErrorKind::InvalidInput,
        "there is no " + std::string{what} + " `" + id + "`" +
            (nearest.empty() ? std::string{} : "; did you mean `" + std::string{nearest} + "`?")};
}

Result<Scope> scope_of(const NewApiToken& wanted, const workflows::Definitions& definitions) {
    if (!wanted.region.empty() && !wanted.programme.empty()) {
        return Error{ErrorKind::InvalidInput, "name a region or a programme, not both"};
    }
    std::vector<std::string_view> known;
    if (!wanted.region.empty()) {
        for (const auto& [id, organisation] : definitions.organisations) {
            known.emplace_back(id);
        }
        return definitions.find_organisation(wanted.region) != nullptr
                   ? Result<Scope>{Scope{Scope::Kind::Region, wanted.region}}
                   : unknown("organisation", wanted.region, known);
    }
    if (!wanted.programme.empty()) {
        for (const auto& cohort : definitions.cohorts) {
            known.emplace_back(cohort.programme);
        }
        return std::ranges::find(known, wanted.programme) != known.end()
                   ? Result<Scope>{Scope{Scope::Kind::Programme, wanted.programme}}
                   : unknown("programme", wanted.programme, known);
    }
    return Scope{};
}

}  // namespace

Result<MadeApiToken> make_api_token(integrations::AccessStore& store,
                                    const workflows::Definitions& definitions,
                                    const NewApiToken& wanted, workflows::Instant now) {
    constexpr std::size_t kNameMax = 100;
    constexpr int kDaysMax = 730;
    static constexpr std::array<std::string_view, 3> kAllows{"read", "events", "admin"};
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (wanted.name.empty() || wanted.name.size() > kNameMax ||
        std::ranges::any_of(wanted.name, is_control)) {
        return Error{ErrorKind::InvalidInput, "say in up to 100 characters what the token is for",
                     "name"};
    }
    if (std::ranges::find(kAllows, wanted.allows) == kAllows.end()) {
        return Error{ErrorKind::InvalidInput, "a token allows read, events or admin", "allows"};
    }
    if (wanted.days < 1 || wanted.days > kDaysMax) {
        return Error{ErrorKind::InvalidInput, "a token lasts 1 to 730 days", "days"};
    }
    const auto scope = scope_of(wanted, definitions);
    if (!scope.ok()) {
        return scope.error();
    }
    MadeApiToken made;
    made.secret = "fv_" + random_token();
    const auto number = store.add_api_token({.name = wanted.name,
                                             .allows = wanted.allows,
                                             .scope = scope.value(),
                                             .made_by = wanted.made_by,
                                             .made_at = now,
                                             .ends_at = now + std::chrono::days{wanted.days}},
                                            workflows::sha256_hex(made.secret));
    if (!number.ok()) {
        return number.error();
    }
    made.number = number.value();
    return made;
}

}  // namespace fristvakt::daemon
