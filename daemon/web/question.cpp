#include "daemon/web/question.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "daemon/http/url.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/words.hpp"
#include "workflows/model/digest.hpp"
#include "workflows/time/holidays.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::Cohort;
using workflows::Contact;
using workflows::Organisation;

namespace {

constexpr std::array<std::string_view, 13> kNames{
    "pulje", "ordning", "krav",         "periode",  "region",     "status", "ansvarlig",
    "maal",  "avvik",   "uten-kontakt", "perioder", "uten-frist", "fri-dag"};
/// Of the drawing, not of the filter: kept in links and form.
constexpr std::array<std::string_view, 2> kKept{"visning", "grupper"};

Html option(std::string_view value, std::string_view word, bool chosen) {
    return html("<option value=\"{}\"{}>{}</option>", value, chosen ? html(" selected") : Html{},
                word);
}

Html select(std::string_view name, std::string_view label, const Html& options) {
    return html(
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-{}\">{}</label>"
        "<select class=\"ds-input\" id=\"f-{}\" name=\"{}\">{}</select></div>\n",
        name, label, name, name, options);
}

Html checkbox(std::string_view name, std::string_view value, std::string_view word, bool checked) {
    return html(
        "<div class=\"ds-field\"><input class=\"ds-input\" type=\"checkbox\" id=\"f-{}\" "
        "name=\"{}\" value=\"{}\"{}><label class=\"ds-label\" for=\"f-{}\">{}</label></div>\n",
        name, name, value, checked ? html(" checked") : Html{}, name, word);
}

std::string semester_title(const workflows::Semester& semester, workflows::Language language) {
    return period_title(semester_id(semester), language);
}

}  // namespace

const std::vector<StatusKind>& shown_statuses() {
    static const std::vector<StatusKind> kAll{
        StatusKind::Overdue,         StatusKind::DueToday,      StatusKind::DueSoon,
        StatusKind::Awaited,         StatusKind::MoreTimeAsked, StatusKind::MoreTimeGiven,
        StatusKind::Incomplete,      StatusKind::Claimed,       StatusKind::NothingClaimed,
        StatusKind::NothingToReport, StatusKind::Received,      StatusKind::Done,
        StatusKind::Voluntary,       StatusKind::NotApplicable,
    };
    return kAll;
}

Question::Question(const View& view)
    : cohort(view.argument("pulje")),
      programme(view.argument("ordning")),
      requirement(view.argument("krav")),
      period(view.argument("periode")),
      region(view.argument("region")),
      responsible(view.argument("ansvarlig")),
      language(view.argument("maal")),
      status(parse_status_kind(view.argument("status"))),
      deviations_only(view.argument("avvik") == "1"),
      without_contact(view.argument("uten-kontakt") == "1"),
      all_periods(view.argument("perioder") == "alle"),
      without_deadline(view.argument("uten-frist") == "1"),
      free_day(view.argument("fri-dag") == "1"),
      view_(view) {
    const auto keep = [&](std::string_view name) {
        arguments_.emplace_back(name, view.argument(name));
    };
    std::ranges::for_each(kNames, keep);
    std::ranges::for_each(kKept, keep);
}

std::string Question::with(std::string_view name, std::string_view value) const {
    return on(view_.request.raw_path, name, value);
}

std::string Question::on(std::string_view path, std::string_view name,
                         std::string_view value) const {
    auto changed = arguments_;
    const auto found = std::ranges::find(
        changed, name, [](const auto& argument) -> std::string_view { return argument.first; });
    if (found == changed.end()) {
        changed.emplace_back(name, value);
    } else {
        found->second = value;
    }
    return std::string{path} + encode_query(changed);
}

bool Question::is_narrow() const {
    return std::ranges::any_of(arguments_, [](const auto& argument) {
        const bool is_choice = std::ranges::find(kNames, argument.first) != kNames.end();
        return is_choice && !argument.second.empty() && argument.first != "pulje" &&
               argument.first != "perioder";
    });
}

std::vector<const Cohort*> Question::cohorts() const {
    std::vector<const Cohort*> out;
    for (const Cohort& one : view_.definitions->cohorts) {
        const bool runs = one.from <= view_.today() && view_.today() <= one.to;
        const bool is_asked = !cohort.empty() ? one.id == cohort : runs;
        if (is_asked && (programme.empty() || one.programme == programme)) {
            out.push_back(&one);
        }
    }
    if (out.empty() && cohort.empty() && programme.empty() && !view_.definitions->cohorts.empty()) {
        out.push_back(&view_.definitions->cohorts.back());
    }
    return out;
}

bool Question::takes(const Case& item) const {
    if (!cohort.empty() && item.cohort != cohort) {
        return false;
    }
    if (!requirement.empty() && item.requirement != requirement) {
        return false;
    }
    const workflows::Definitions& definitions = *view_.definitions;
    if (!programme.empty()) {
        const Cohort* const of = definitions.find_cohort(item.cohort);
        if (of == nullptr || of->programme != programme) {
            return false;
        }
    }
    if (!region.empty() || !language.empty()) {
        const Organisation* const debtor = definitions.find_organisation(item.debtor);
        const bool is_nn = debtor != nullptr && debtor->language == workflows::Language::Nn;
        if (debtor == nullptr || (!region.empty() && debtor->parent != region) ||
            (!language.empty() && is_nn != (language == "nn"))) {
            return false;
        }
    }
    if (!period.empty()) {
        const auto semester =
            item.due ? semester_of(item.due->date, definitions.calendar) : std::nullopt;
        if (!semester || semester_id(*semester) != period) {
            return false;
        }
    }
    if (without_deadline && item.due) {
        return false;
    }
    if (free_day && (!item.due || !workflows::is_free_day(item.due->date))) {
        return false;
    }
    if (!responsible.empty()) {
        const auto ours = responsible_for(item, definitions, view_.today());
        return std::ranges::any_of(ours, [&](const workflows::Recipient& one) {
            return workflows::person_id(view_.ledger.salt, one.address) == responsible;
        });
    }
    return true;
}

bool Question::takes(const CaseStatus& what) const {
    // What waits for us is asked for by the first of its names.
    const bool is_meant =
        !status || what.kind == *status ||
        (*status == StatusKind::Claimed && what.kind == StatusKind::NothingClaimed);
    return is_meant && (!deviations_only || is_deviation(what.kind));
}

Html Question::cohort_choice() const {
    Html options = option("", view_.pick("Alle som pågår", "Alle som går no"), cohort.empty());
    for (const Cohort& one : view_.definitions->cohorts) {
        options.add(option(one.id, view_.in(one.title) + " – " + one.id, one.id == cohort));
    }
    return select("pulje", view_.pick("Pulje", "Pulje"), options);
}

Html Question::requirement_choice() const {
    std::map<std::string, std::string> known;
    std::map<std::string, std::string> programmes;
    for (const Cohort& one : view_.definitions->cohorts) {
        programmes.emplace(one.programme, view_.in(one.title));
        if (cohort.empty() || one.id == cohort) {
            for (const workflows::Requirement& each : one.requirements) {
                known.emplace(each.id, view_.in(each.title));
            }
        }
    }
    Html out;
    const auto add = [&](std::string_view name, std::string_view label,
                         const std::map<std::string, std::string>& from, const std::string& now) {
        if (from.size() < 2 && now.empty()) {
            return;
        }
        Html options = option("", view_.pick("Alle", "Alle"), now.empty());
        for (const auto& [id, title] : from) {
            options.add(option(id, title, id == now));
        }
        out.add(select(name, label, options));
    };
    add("ordning", view_.pick("Ordning", "Ordning"), programmes, programme);
    add("krav", view_.pick("Krav", "Krav"), known, requirement);
    return out;
}

Html Question::period_choice() const {
    Html options = option("", view_.pick("Alle", "Alle"), period.empty());
    std::vector<std::string> ids;
    for (const Cohort& one : view_.definitions->cohorts) {
        // Half a year at a time hits every semester, and the last day the last one.
        constexpr workflows::cal::days kHalfYear{150};
        constexpr workflows::cal::days kAround{2 * 365};
        workflows::Date day = std::max(one.from, view_.today() - kAround);
        const workflows::Date last = std::min(one.to, view_.today() + kAround);
        for (bool is_last = false; !is_last && day <= last + kHalfYear; day += kHalfYear) {
            is_last = day >= last;
            if (const auto semester =
                    semester_of(std::min(day, last), view_.definitions->calendar)) {
                ids.push_back(std::to_string(semester->year) +
                              (semester->term == workflows::Term::Spring ? "1" : "2"));
            }
        }
    }
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (const std::string& id : ids) {
        const workflows::Semester semester{
            std::stoi(id.substr(0, 4)),
            id.back() == '1' ? workflows::Term::Spring : workflows::Term::Autumn};
        const std::string name = semester_id(semester);
        options.add(option(name, semester_title(semester, view_.language), name == period));
    }
    return select("periode", view_.pick("Fristen er i", "Fristen er i"), options);
}

Html Question::region_choice() const {
    std::set<std::string> parents;
    for (const Cohort& one : view_.definitions->cohorts) {
        for (const workflows::Participant& participant : one.participants) {
            const Organisation* const known =
                view_.definitions->find_organisation(participant.organisation);
            if (known != nullptr && !known->parent.empty()) {
                parents.insert(known->parent);
            }
        }
    }
    if (parents.size() < 2 && region.empty()) {
        return {};
    }
    Html options = option("", view_.pick("Alle", "Alle"), region.empty());
    std::vector<std::string> ids{parents.begin(), parents.end()};
    std::ranges::stable_sort(ids, comes_before, [&](const std::string& id) {
        return organisation_name(id, *view_.definitions);
    });
    for (const std::string& id : ids) {
        options.add(option(id, organisation_name(id, *view_.definitions), id == region));
    }
    return select("region", view_.pick("Region", "Region"), options);
}

std::vector<const Contact*> Question::officers() const {
    std::set<std::string> creditors;
    for (const Cohort& one : view_.definitions->cohorts) {
        creditors.insert(one.creditor);
    }
    std::vector<const Contact*> out;
    for (const std::string& id : creditors) {
        for (const Contact* const contact : view_.definitions->contacts_of(id)) {
            const bool is_ours =
                std::ranges::find(contact->roles, "saksbehandler") != contact->roles.end();
            if (is_ours && (!contact->to || *contact->to >= view_.today())) {
                out.push_back(contact);
            }
        }
    }
    return out;
}

std::string Question::mine() const {
    const std::string& address = view_.visitor().address;
    const auto known = officers();
    const bool is_ours = std::ranges::any_of(known, [&](const Contact* const contact) {
        return workflows::lower_case(contact->email) == address;
    });
    return is_ours ? workflows::person_id(view_.ledger.salt, address) : std::string{};
}

std::string Question::officer_name(std::string_view id) const {
    for (const Contact* const contact : officers()) {
        if (workflows::person_id(view_.ledger.salt, contact->email) == id) {
            return contact->name;
        }
    }
    return std::string{view_.pick("en annen", "ein annan")};
}

Html Question::responsible_choice() const {
    const auto known = officers();
    if (known.size() < 2 && responsible.empty()) {
        return {};
    }
    Html options = option("", view_.pick("Alle", "Alle"), responsible.empty());
    for (const Contact* const contact : known) {
        // The pseudonym: addresses of people do not belong in the addresses of pages.
        const std::string id = workflows::person_id(view_.ledger.salt, contact->email);
        options.add(option(id, contact->name, id == responsible));
    }
    return select("ansvarlig", view_.pick("Ansvarlig", "Ansvarleg"), options);
}

Html Question::status_choice() const {
    Html options = option("", view_.pick("Alle", "Alle"), !status);
    for (const StatusKind kind : shown_statuses()) {
        options.add(option(to_string(kind), view_.in(status_title(kind)), status == kind));
    }
    return select("status", view_.pick("Status", "Status"), options);
}

Html Question::form_begin() const {
    Html out;
    out.add("<form class=\"fv-filter\" id=\"filter\" method=\"get\" action=\"{}\">\n",
            view_.request.raw_path);
    for (const std::string_view name : kKept) {
        if (const std::string value = view_.argument(name); !value.empty()) {
            out.add("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", name, value);
        }
    }
    out.add(cohort_choice());
    out.add(requirement_choice());
    out.add(period_choice());
    out.add(region_choice());
    return out;
}

Html Question::form_of_past() const {
    Html out = form_begin();
    out.add(responsible_choice());
    out.add(checkbox("maal", "nn", view_.pick("Bare nynorsk", "Berre nynorsk"), language == "nn"));
    out.add("<button class=\"ds-button\" type=\"submit\">{}</button>\n</form>\n",
            view_.pick("Vis", "Vis"));
    return out;
}

Html Question::form(bool with_list_filters) const {
    Html out = form_begin();
    out.add(status_choice());
    out.add(responsible_choice());
    out.add(checkbox("avvik", "1", view_.pick("Bare avvik", "Berre avvik"), deviations_only));
    out.add(checkbox("uten-kontakt", "1", view_.pick("Uten kontaktperson", "Utan kontaktperson"),
                     without_contact));
    out.add(checkbox("maal", "nn", view_.pick("Bare nynorsk", "Berre nynorsk"), language == "nn"));
    if (with_list_filters) {
        out.add(
            checkbox("uten-frist", "1", view_.pick("Uten frist", "Utan frist"), without_deadline));
        out.add(
            checkbox("fri-dag", "1",
                     view_.pick("Frist på helg eller helligdag", "Frist på helg eller heilagdag"),
                     free_day));
    } else {
        out.add(checkbox("perioder", "alle",
                         view_.pick("Også ferdige perioder", "Også ferdige periodar"),
                         all_periods));
    }
    out.add("<button class=\"ds-button\" type=\"submit\">{}</button>\n</form>\n",
            view_.pick("Vis", "Vis"));
    return out;
}

Html Question::chips() const {
    Html items;
    const auto chip = [&](bool is_on, std::string_view name, const std::string& word) {
        if (is_on) {
            items.add(
                "<li><a class=\"ds-chip\" href=\"{}\"><span class=\"ds-sr-only\">{} </span>{} "
                "<span aria-hidden=\"true\">×</span></a></li>",
                with(name, ""), view_.pick("Fjern filteret", "Fjern filteret"), word);
        }
    };
    const auto text = [&](std::string_view nb, std::string_view nn) {
        return std::string{view_.pick(nb, nn)};
    };
    chip(!cohort.empty(), "pulje", text("Pulje: ", "Pulje: ") + cohort);
    chip(!programme.empty(), "ordning", text("Ordning: ", "Ordning: ") + programme);
    chip(!requirement.empty(), "krav", text("Krav: ", "Krav: ") + requirement);
    chip(!period.empty(), "periode", period_title(period, view_.language));
    chip(!region.empty(), "region", organisation_name(region, *view_.definitions));
    chip(status.has_value(), "status", status ? view_.in(status_title(*status)) : std::string{});
    chip(!responsible.empty(), "ansvarlig",
         responsible.empty() ? std::string{}
                             : text("Ansvarlig: ", "Ansvarleg: ") + officer_name(responsible));
    chip(deviations_only, "avvik", text("Bare avvik", "Berre avvik"));
    chip(without_contact, "uten-kontakt", text("Uten kontaktperson", "Utan kontaktperson"));
    chip(!language.empty(), "maal", text("Bare nynorsk", "Berre nynorsk"));
    chip(all_periods, "perioder", text("Også ferdige perioder", "Også ferdige periodar"));
    chip(without_deadline, "uten-frist", text("Uten frist", "Utan frist"));
    chip(free_day, "fri-dag",
         text("Frist på helg eller helligdag", "Frist på helg eller heilagdag"));
    return items.empty() ? items
                         : html("<ul class=\"fv-chips\" aria-label=\"{}\">{}</ul>\n",
                                view_.pick("Valgte filtre", "Valde filter"), items);
}

}  // namespace fristvakt::daemon
