#include "workflows/decision/canary.hpp"

#include <algorithm>
#include <charconv>

#include "workflows/definition/base_url.hpp"
#include "workflows/model/digest.hpp"
#include "workflows/time/holidays.hpp"

namespace fristvakt::workflows {
namespace {

constexpr std::size_t kMacDigits{32};  // 128 bits: nobody guesses one over the network.

std::string mac_of(std::string_view salt, std::string_view channel, std::string_view card) {
    std::string text{"canary\n"};
    text.append(channel).append("\n").append(card);
    return hmac_sha256_hex(salt, text).substr(0, kMacDigits);
}

bool is_administrator(const User& user) {
    return std::ranges::any_of(user.grants, [](const User::Grant& grant) {
        return grant.role == Role::Administrator && grant.scope.kind == Scope::Kind::Installation;
    });
}

}  // namespace

std::optional<Instant> unseen_at(const CanaryRecord& record, const TimeZone& zone) {
    if (!record.silent_since || !record.posted_at) {
        return std::nullopt;
    }
    const Date last = add_working_days(zone.date_of(*record.posted_at), kCanaryWorkingDays);
    return zone.start_of_day(last + cal::days{1});
}

bool is_silent(const CanaryRecord& record, const TimeZone& zone, Instant now) {
    const auto unseen = unseen_at(record, zone);
    return unseen && *unseen <= now;
}

void note_posted(CanaryRecord& record, Instant now) {
    record.posted_at = now;
    if (record.confirmed != record.card && !record.silent_since) {
        record.silent_since = now;
    }
}

void note_confirmed(CanaryRecord& record, Instant now) {
    record.confirmed = record.card;
    record.confirmed_at = now;
    record.silent_since.reset();
}

std::vector<Recipient> channel_keepers(const Definitions& definitions,
                                       const RefusedAddresses& refused) {
    const Installation& installation = definitions.installation;
    const Organisation* const own = definitions.find_organisation(installation.organisation);
    std::vector<Recipient> keepers;
    const auto add = [&](const std::string& address, const std::string& name) {
        if (!address.empty() && !refused.contains(lower_case(address))) {
            keepers.push_back({.address = address,
                               .name = name,
                               .phone = {},
                               .organisation = installation.organisation,
                               .role = {},
                               .language = own != nullptr && own->language
                                               ? *own->language
                                               : installation.default_language});
        }
    };
    for (const User& user : definitions.users) {
        if (is_administrator(user)) {
            add(user.address, user.name);
        }
    }
    if (keepers.empty() && own != nullptr) {
        add(own->email, {});
    }
    if (keepers.empty()) {
        add(installation.mail.reply_to, {});
    }
    return keepers;
}

std::string canary_link(const std::string& public_url, std::string_view salt,
                        std::string_view channel, std::int64_t card) {
    const std::string number = std::to_string(card);
    std::string link = base_url(public_url) + "/t/";
    link.append(number).append("-").append(mac_of(salt, channel, number));
    return link.append("/").append(channel);
}

std::optional<std::int64_t> card_of_canary_link(std::string_view token, std::string_view salt,
                                                std::string_view channel) {
    const auto dash = token.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view number = token.substr(0, dash);
    if (!is_same_secret(token.substr(dash + 1), mac_of(salt, channel, number))) {
        return std::nullopt;
    }
    std::int64_t card = 0;
    const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), card);
    return fault == std::errc{} && end == number.data() + number.size() ? std::optional{card}
                                                                        : std::nullopt;
}

}  // namespace fristvakt::workflows
