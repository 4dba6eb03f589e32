#include "daemon/feeds/feed_tokens.hpp"

#include <algorithm>
#include <vector>

#include "daemon/access/form_token.hpp"
#include "workflows/definition/base_url.hpp"
#include "workflows/model/digest.hpp"
#include "workflows/time/nearest.hpp"

namespace fristvakt::daemon {

using integrations::AccessStore;
using integrations::StoredFeed;
using workflows::Definitions;
using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Result;
using workflows::Status;

namespace {

std::vector<std::string> names_of(StoredFeed::Of of, const Definitions& definitions) {
    std::vector<std::string> out;
    switch (of) {
        case StoredFeed::Of::Person:
            for (const auto& contact : definitions.contacts) {
                out.push_back(workflows::lower_case(contact.email));
            }
            for (const auto& user : definitions.users) {
                out.push_back(user.address);
            }
            break;
        case StoredFeed::Of::Organisation:
            for (const auto& [id, organisation] : definitions.organisations) {
                out.push_back(id);
            }
            break;
        case StoredFeed::Of::Cohort:
            for (const auto& cohort : definitions.cohorts) {
                out.push_back(cohort.id);
            }
            break;
    }
    return out;
}

std::string_view word_of(StoredFeed::Of of) {
    switch (of) {
        case StoredFeed::Of::Person:
            return "contact or user";
        case StoredFeed::Of::Organisation:
            return "organisation";
        case StoredFeed::Of::Cohort:
            return "cohort";
    }
    return "";
}

Status check(const NewFeed& wanted, const Definitions& definitions) {
    const std::vector<std::string> names = names_of(wanted.of, definitions);
    if (std::ranges::find(names, wanted.subject) != names.end()) {
        return Done{};
    }
    const std::vector<std::string_view> known{names.begin(), names.end()};
    const std::string_view nearest = workflows::nearest_word(wanted.subject, known);
    return Error{
        ErrorKind::InvalidInput,
        "there is no " + std::string{word_of(wanted.of)} + " `" + wanted.subject + "`" +
            (nearest.empty() ? std::string{} : "; did you mean `" + std::string{nearest} + "`?")};
}

std::string url_of(const Definitions& definitions, const std::string& secret) {
    return workflows::base_url(definitions.installation.public_url) + "/k/" + secret + ".ics";
}

}  // namespace

Result<MadeFeed> make_feed(AccessStore& store, const Definitions& definitions,
                           const NewFeed& wanted, Instant now) {
    NewFeed feed = wanted;
    if (feed.of == StoredFeed::Of::Person) {
        feed.subject = workflows::lower_case(feed.subject);
    }
    if (const Status good = check(feed, definitions); !good.ok()) {
        return good.error();
    }
    const std::string secret = random_token();
    const auto number = store.add_feed(
        {.of = feed.of, .subject = feed.subject, .made_by = feed.made_by, .made_at = now},
        workflows::sha256_hex(secret));
    if (!number.ok()) {
        return number.error();
    }
    return MadeFeed{number.value(), url_of(definitions, secret)};
}

Result<MadeFeed> renew_feed(AccessStore& store, const Definitions& definitions, std::int64_t number,
                            Instant now) {
    const std::string secret = random_token();
    const auto renewed = store.renew_feed(number, workflows::sha256_hex(secret), now);
    if (!renewed.ok()) {
        return renewed.error();
    }
    if (!renewed.value()) {
        return Error{ErrorKind::NotFound, "there is no feed " + std::to_string(number)};
    }
    return MadeFeed{number, url_of(definitions, secret)};
}

}  // namespace fristvakt::daemon
