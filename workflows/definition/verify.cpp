#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "workflows/definition/mail_address.hpp"
#include "workflows/definition/this_machine.hpp"
#include "workflows/definition/verification.hpp"
#include "workflows/time/nearest.hpp"

namespace fristvakt::workflows {
namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

std::string_view domain_of(std::string_view address) {
    return address.substr(address.find('@') + 1);
}

/// Organisations that this configuration has to do with: who runs it, who owes, who is owed, and
/// those above them.
std::unordered_set<std::string_view> organisations_in_use(const Definitions& definitions) {
    std::unordered_set<std::string_view> used{definitions.installation.organisation};
    for (const auto& cohort : definitions.cohorts) {
        used.insert(cohort.creditor);
        for (const auto& participant : cohort.participants) {
            used.insert(participant.organisation);
        }
        for (const auto& group : cohort.groups) {
            used.insert(group.organisations.begin(), group.organisations.end());
        }
        for (const auto& requirement : cohort.requirements) {
            used.insert(requirement.creditor);
            used.insert(requirement.debtors.begin(), requirement.debtors.end());
        }
    }
    return used;
}

/// A parent of itself, over any number of steps. Each organisation is visited once.
void check_parents(Verification& verification) {
    const auto& organisations = verification.definitions.organisations;
    std::set<std::string_view> settled;
    for (const auto& [id, organisation] : organisations) {
        std::vector<std::string_view> path;
        std::set<std::string_view> on_path;
        std::string_view at = id;
        while (!at.empty() && !settled.contains(at)) {
            if (!on_path.insert(at).second) {
                const Organisation& looped = *verification.definitions.find_organisation(at);
                verification.error(place(looped.places, "parent", looped.where),
                                   fmt::format("`{}` lies, over its parents, below itself", at),
                                   "correct one `parent` of those in the ring");
                break;
            }
            path.push_back(at);
            const Organisation* current = verification.definitions.find_organisation(at);
            at = current == nullptr ? std::string_view() : std::string_view(current->parent);
        }
        settled.insert(path.begin(), path.end());
    }
}

/// The same address in many organisations is most often a row copied and not corrected.
void warn_of_shared_addresses(Verification& verification) {
    constexpr std::size_t kOrganisationsMax = 3;
    std::map<std::string, std::set<std::string_view>> users;
    for (const auto& contact : verification.definitions.contacts) {
        auto& organisations = users[lower(contact.email)];
        organisations.insert(contact.organisation);
        if (organisations.size() == kOrganisationsMax + 1) {
            verification.warn(
                place(contact.places, "email", contact.where),
                fmt::format("this is the fourth organisation with the address {}", contact.email),
                "check that the row was not copied; one person for many is fine");
            organisations.insert("");  // said once
        }
    }
}

void warn_of_contact(Verification& verification, const Contact& contact,
                     const Organisation& organisation) {
    if (contact.language && organisation.language && contact.language != organisation.language) {
        verification.warn(place(contact.places, "language", contact.where),
                          fmt::format("{} is asked for, but {} has decided on {}",
                                      language_tag(*contact.language), organisation.id,
                                      language_tag(*organisation.language)),
                          "messages follow the organisation (språklova); leave `language` empty");
    }
}

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
    constexpr std::size_t kShownMax = 12;
    if (const auto nearest = nearest_word(word, known); !nearest.empty()) {
        return fmt::format("write `{}`", nearest);
    }
    if (known.empty()) {
        return "there is none to choose from; add it";
    }
    const std::size_t shown = std::min(known.size(), kShownMax);
    return fmt::format("write one of {}{}", fmt::join(known.first(shown), ", "),
                       shown < known.size() ? ", …" : "");
}

bool check_organisation(Verification& verification, std::string_view id,
                        const SourcePosition& where) {
    const auto& unreadable = verification.unreadable;
    if (verification.definitions.find_organisation(id) != nullptr) {
        return true;
    }
    if (!unreadable.all_organisations && !unreadable.organisations.contains(id)) {
        const bool may_search = verification.suggestions_left-- > 0;
        const auto known = may_search ? ids_of(verification.definitions.organisations)
                                      : std::vector<std::string_view>();
        const auto nearest = nearest_word(id, known);
        verification.error(where, fmt::format("there is no organisation `{}`", id),
                           nearest.empty() ? "add it to organisations.csv"
                                           : fmt::format("write `{}`, or add it to "
                                                         "organisations.csv",
                                                         nearest));
    }
    return false;
}

bool check_ladder(Verification& verification, std::string_view id, const SourcePosition& where) {
    if (verification.definitions.find_ladder(id) != nullptr) {
        return true;
    }
    if (!verification.unreadable.ladders.contains(id)) {
        verification.error(where, fmt::format("there is no ladder `{}`", id),
                           did_you_mean(id, ids_of(verification.definitions.ladders)));
    }
    return false;
}

void check_notice(Verification& verification, std::string_view id, const SourcePosition& where,
                  std::span<const NoticeKind> kinds) {
    const Notice* notice = verification.definitions.find_notice(id);
    if (notice == nullptr) {
        if (!verification.unreadable.notices.contains(id)) {
            verification.error(where, fmt::format("there is no notice `{}`", id),
                               did_you_mean(id, ids_of(verification.definitions.notices)));
        }
    } else if (std::ranges::find(kinds, notice->kind) == kinds.end()) {
        const bool wants_reminder = kinds.front() == NoticeKind::Reminder;
        verification.error(
            where, fmt::format("`{}` is {}", id, wants_reminder ? "no reminder" : "a reminder"),
            wants_reminder ? "a step of a ladder takes a notice of kind reminder"
                           : "an event takes a notice of kind answer or change");
    }
}

std::optional<Date> sending_day_of(const LadderStep& step, Date due,
                                   const Definitions& definitions) {
    const auto day = evaluate_day(step.at, {{"due", due}}, definitions.time_zone());
    if (!day.ok()) {
        return std::nullopt;
    }
    const SendWindow& window = definitions.installation.send_window;
    return is_before_deadline(step) ? sending_day_on_or_before(window, day.value())
                                    : sending_day_on_or_after(window, day.value());
}

void verify_installation(Verification& verification) {
    const Installation& installation = verification.definitions.installation;
    const auto at = [&](std::string_view key) { return place(installation.places, key, {}); };
    if (verification.unreadable.installation) {
        return;
    }
    check_organisation(verification, installation.organisation, at("organisation"));
    const SendWindow& window = installation.send_window;
    const Date sample = Date{cal::local_days{cal::year{2026} / cal::January / 1}};
    if (!sending_day_on_or_after(window, sample)) {
        verification.error(at("send_window"), "the send window never opens",
                           "leave some days out of `avoid`, or add days");
    }
    if (installation.sending == SendingMode::Live &&
        (installation.public_url.starts_with("http://") ||
         installation.public_url.find("localhost") != std::string::npos)) {
        verification.warn(at("sending"),
                          "mail goes out to everybody while `public_url` is not https",
                          "write the address that the kommuner reach, with https");
    }
    if (installation.mail.smtp && !installation.mail.smtp->user.empty() &&
        installation.mail.smtp->starttls == SmtpSettings::StartTls::Off &&
        installation.mail.smtp->url.starts_with("smtp://") &&
        !is_this_machine(host_of(installation.mail.smtp->url))) {
        verification.warn(at("mail.smtp.starttls"),
                          "the password for the mail server goes over the network in clear text",
                          "write `starttls: required`");
    }
    if (!installation.mail.reply_to.empty() &&
        lower(domain_of(installation.mail.reply_to)) != lower(domain_of(installation.mail.from))) {
        verification.warn(at("mail.reply_to"), "answers go to another domain than mail comes from",
                          "some mail servers distrust that; use one domain");
    }
    if (installation.sending == SendingMode::Spool && installation.places.contains("redirect_to")) {
        verification.warn(at("redirect_to"), "`redirect_to` counts only with `sending: redirect`",
                          "leave it out, or write `sending: redirect`");
    }
}

void warn_of_shared_numbers(Verification& verification) {
    std::map<std::string_view, const Organisation*> by_number;
    for (const auto& [id, organisation] : verification.definitions.organisations) {
        if (organisation.number.empty()) {
            continue;
        }
        const auto [known, is_new] = by_number.emplace(organisation.number, &organisation);
        if (!is_new) {
            verification.warn(
                place(organisation.places, "number", organisation.where),
                fmt::format("{} has the number {} too", known->second->id, organisation.number),
                "check which of them it belongs to");
        }
    }
}

void verify_organisations(Verification& verification) {
    for (const auto& [id, organisation] : verification.definitions.organisations) {
        if (!organisation.parent.empty()) {
            check_organisation(verification, organisation.parent,
                               place(organisation.places, "parent", organisation.where));
        }
    }
    check_parents(verification);
    warn_of_shared_numbers(verification);
}

void verify_contacts(Verification& verification) {
    const Definitions& definitions = verification.definitions;
    const auto used = organisations_in_use(definitions);
    for (const auto& contact : definitions.contacts) {
        if (!check_organisation(verification, contact.organisation,
                                place(contact.places, "organisation", contact.where))) {
            continue;
        }
        if (!used.contains(contact.organisation) && !definitions.cohorts.empty()) {
            verification.warn(contact.where,
                              fmt::format("nothing is asked of {}, so this contact is never used",
                                          contact.organisation),
                              "add the organisation to a cohort's participants, or leave it out");
        }
        warn_of_contact(verification, contact,
                        *definitions.find_organisation(contact.organisation));
    }
    warn_of_shared_addresses(verification);
}

std::vector<Diagnostic> verify(const Definitions& definitions) {
    return verify(definitions, Unreadable{});
}

std::vector<Diagnostic> verify(const Definitions& definitions, const Unreadable& unreadable) {
    Verification verification{.definitions = definitions, .unreadable = unreadable};
    verify_installation(verification);
    verify_sign_in(verification);
    verify_teams(verification);
    verify_graph(verification);
    verify_organisations(verification);
    verify_contacts(verification);
    verify_notices(verification);
    verify_workflows(verification);
    verify_ladders(verification);
    verify_programmes(verification);
    verify_meetings(verification);
    verify_groups(verification);
    verify_activities(verification);
    std::ranges::stable_sort(verification.findings, {}, [](const Diagnostic& diagnostic) {
        return std::tie(diagnostic.where.file, diagnostic.where.line, diagnostic.where.column);
    });
    return std::move(verification.findings);
}

}  // namespace fristvakt::workflows
