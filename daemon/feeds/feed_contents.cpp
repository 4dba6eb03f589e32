#include "daemon/feeds/feed_contents.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "daemon/web/deadline_entry.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/recipients.hpp"
#include "workflows/definition/meetings.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using integrations::StoredFeed;
using integrations::calendar::Calendar;
using integrations::calendar::Entry;
using workflows::Case;
using workflows::CaseFilter;
using workflows::Cohort;
using workflows::Contact;
using workflows::Date;
using workflows::Definitions;
using workflows::Done;
using workflows::Instant;
using workflows::Language;
using workflows::Meeting;
using workflows::MeetingDate;
using workflows::Result;
using workflows::Status;

namespace {

constexpr std::size_t kBatch = 400;
constexpr std::size_t kLookedAtMax = 40'000;

const workflows::User* user_at(const Definitions& definitions, const std::string& address) {
    const auto found = std::ranges::find(definitions.users, address, &workflows::User::address);
    return found == definitions.users.end() ? nullptr : &*found;
}

CaseFilter of_debtor(std::string_view organisation) {
    CaseFilter out;
    out.debtor = organisation;
    return out;
}

CaseFilter of_cohort(std::string_view cohort) {
    CaseFilter out;
    out.cohort = cohort;
    return out;
}

class Contents {
 public:
    Contents(const StoredFeed& feed, const Definitions& definitions, workflows::Snapshot& store,
             Instant now)
        : feed_(feed),
          address_(workflows::lower_case(feed.subject)),
          definitions_(definitions),
          store_(store),
          today_(definitions.time_zone().date_of(now)),
          kept_from_(definitions.time_zone().start_of_day(today_ -
                                                          workflows::cal::days{kFeedKeepsDays})) {}

    Result<Calendar> write() {
        const Status gathered = gather();
        if (!gathered.ok()) {
            return gathered.error();
        }
        Calendar out{.name = name(), .is_feed = true};
        for (auto& [uid, entry] : entries_) {
            out.entries.push_back(std::move(entry));
        }
        return out;
    }

 private:
    using Takes = std::function<bool(const Case&)>;

    Status gather() {
        switch (feed_.of) {
            case StoredFeed::Of::Organisation:
                language_ = language_at(feed_.subject).value_or(language_);
                with_links_ = false;
                if (const Status added = add(of_debtor(feed_.subject)); !added.ok()) {
                    return added;
                }
                return add_meetings({feed_.subject}, [](const Called&) { return true; });
            case StoredFeed::Of::Cohort:
                return add(of_cohort(feed_.subject));
            case StoredFeed::Of::Person:
                return gather_person();
        }
        return Done{};
    }

    Status gather_person() {
        const auto organisations = organisations_of(address_, definitions_, today_);
        with_links_ = user_at(definitions_, address_) != nullptr ||
                      std::ranges::find(organisations, definitions_.installation.organisation) !=
                          organisations.end();
        language_ = language_of_person(organisations);
        for (const std::string_view organisation : organisations) {
            const Status added = add(of_debtor(organisation));
            if (!added.ok()) {
                return added;
            }
        }
        const Status called = add_meetings(
            organisations, [this](const Called& called_to) { return is_called(called_to); });
        if (!called.ok()) {
            return called;
        }
        for (const Cohort& cohort : definitions_.cohorts) {
            if (!has_creditor_among(cohort, organisations)) {
                continue;
            }
            const Status added =
                add(of_cohort(cohort.id), [&](const Case& item) { return is_officer_of(item); });
            if (!added.ok()) {
                return added;
            }
        }
        return Done{};
    }

    /// A meeting that calls people of an organisation.
    struct Called {
        std::string_view organisation;
        const Cohort& cohort;
        const Meeting& meeting;
        const MeetingDate& date;
    };
    using Calls = std::function<bool(const Called&)>;

    /// The meetings that these organisations take part in, once their dates are set.
    Status add_meetings(const std::vector<std::string_view>& organisations, const Calls& calls) {
        for (const Cohort& cohort : definitions_.cohorts) {
            for (const workflows::Requirement& requirement : cohort.requirements) {
                const auto* const meeting = cohort.find_meeting(requirement.meeting);
                if (requirement.origin != workflows::Requirement::Origin::Meeting ||
                    meeting == nullptr) {
                    continue;
                }
                CaseFilter filter = of_cohort(cohort.id);
                filter.requirement = requirement.id;
                const Status added = add(filter, [&](const Case& item) {
                    const auto* const date = cohort.find_date(requirement, item.period);
                    return date != nullptr && workflows::meeting_time(item) &&
                           std::ranges::any_of(organisations, [&](std::string_view organisation) {
                               return workflows::concerns(cohort, *meeting, organisation,
                                                          definitions_) &&
                                      calls({organisation, cohort, *meeting, *date});
                           });
                });
                if (!added.ok()) {
                    return added;
                }
            }
        }
        return Done{};
    }

    [[nodiscard]] bool is_called(const Called& called) const {
        return std::ranges::any_of(
            definitions_.contacts_of(called.organisation), [&](const Contact* contact) {
                return workflows::lower_case(contact->email) == address_ &&
                       workflows::calls(called.cohort, called.meeting, called.date, *contact);
            });
    }

    [[nodiscard]] static bool has_creditor_among(
        const Cohort& cohort, const std::vector<std::string_view>& organisations) {
        const auto is_one = [&](const std::string& id) {
            return std::ranges::find(organisations, id) != organisations.end();
        };
        return is_one(cohort.creditor) ||
               std::ranges::any_of(cohort.requirements, is_one, &workflows::Requirement::creditor);
    }

    [[nodiscard]] bool is_officer_of(const Case& item) const {
        const auto officers =
            workflows::holders({workflows::Party::Creditor, "saksbehandler"}, item,
                               workflows::context_of(item, definitions_), definitions_, today_, {});
        return std::ranges::any_of(officers, [&](const workflows::Recipient& officer) {
            return workflows::lower_case(officer.address) == address_;
        });
    }

    [[nodiscard]] std::optional<Language> language_at(std::string_view organisation) const {
        const auto* const found = definitions_.find_organisation(organisation);
        return found == nullptr ? std::nullopt : found->language;
    }

    /// The law binds us to the organisation's; a contact's own counts where that is neutral.
    [[nodiscard]] Language language_of_person(
        const std::vector<std::string_view>& organisations) const {
        for (const std::string_view id : organisations) {
            if (const auto language = language_at(id)) {
                return *language;
            }
        }
        for (const Contact& contact : definitions_.contacts) {
            if (contact.language && workflows::lower_case(contact.email) == address_) {
                return *contact.language;
            }
        }
        return definitions_.installation.default_language;
    }

    Status add(CaseFilter filter, const Takes& takes = {}) {
        filter.count_max = kBatch;
        for (std::size_t looked_at = 0; looked_at < kLookedAtMax; looked_at += kBatch) {
            const auto batch = store_.cases(filter);
            if (!batch.ok()) {
                return batch.error();
            }
            for (const Case& item : batch.value()) {
                const Status added =
                    is_kept(item) && (!takes || takes(item)) ? add_entry(item) : Status{Done{}};
                if (!added.ok()) {
                    return added;
                }
            }
            if (batch.value().size() < kBatch) {
                return Done{};
            }
            filter.after_id = batch.value().back().id;
        }
        return Done{};
    }

    [[nodiscard]] bool is_kept(const Case& item) const {
        return !item.final || item.entered_at >= kept_from_;
    }

    Status add_entry(const Case& item) {
        auto entry = deadline_entry(item, definitions_, language_);
        if (!entry) {
            return Done{};
        }
        if (entry->is_busy && feed_.of == StoredFeed::Of::Person) {
            const auto stays_away = has_declined(item);
            if (!stays_away.ok()) {
                return stays_away.error();
            }
            entry->is_busy = !stays_away.value();
        }
        if (!with_links_) {
            entry->url.clear();
        }
        entries_.insert_or_assign(entry->uid, std::move(*entry));
        return Done{};
    }

    /// Whoever has said that they do not come is free then.
    [[nodiscard]] Result<bool> has_declined(const Case& item) const {
        const auto people = store_.invitations_of(item.id);
        if (!people.ok()) {
            return people.error();
        }
        return std::ranges::any_of(people.value(), [&](const workflows::StoredInvitation& one) {
            return workflows::lower_case(one.person.address) == address_ &&
                   workflows::counting_response(one.invitation) == workflows::Response::Declined;
        });
    }

    /// In the list of somebody's calendars; never a person's name.
    [[nodiscard]] std::string name() const {
        const std::string word = language_ == Language::Nb ? "Frister" : "Fristar";
        switch (feed_.of) {
            case StoredFeed::Of::Organisation:
                return word + ": " + organisation_name(feed_.subject, definitions_);
            case StoredFeed::Of::Cohort: {
                const Cohort* const cohort = definitions_.find_cohort(feed_.subject);
                return word + ": " +
                       (cohort == nullptr ? feed_.subject
                                          : cohort->title.in(language_) + ", " + cohort->id);
            }
            case StoredFeed::Of::Person:
                return word + ", " + definitions_.installation.name.in(language_);
        }
        return word;
    }

    const StoredFeed& feed_;
    std::string address_;
    const Definitions& definitions_;
    workflows::Snapshot& store_;
    Date today_;
    Instant kept_from_;
    Language language_{definitions_.installation.default_language};
    bool with_links_{true};
    std::map<std::string, Entry> entries_;  ///< By UID: a person may see a case for two reasons.
};

}  // namespace

std::vector<std::string_view> organisations_of(std::string_view address,
                                               const Definitions& definitions, Date day) {
    const std::string wanted = workflows::lower_case(address);
    std::vector<std::string_view> out;
    for (const Contact& contact : definitions.contacts) {
        const bool holds = (!contact.from || *contact.from <= day) &&
                           (!contact.to || day <= *contact.to) &&
                           workflows::lower_case(contact.email) == wanted;
        if (holds && std::ranges::find(out, contact.organisation) == out.end()) {
            out.emplace_back(contact.organisation);
        }
    }
    return out;
}

Result<Calendar> feed_contents(const StoredFeed& feed, const Definitions& definitions,
                               workflows::Snapshot& store, Instant now) {
    return Contents{feed, definitions, store, now}.write();
}

}  // namespace fristvakt::daemon
