#include <algorithm>

#include "daemon/http/url.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/words.hpp"
#include "workflows/model/digest.hpp"

/// Search by a kommune's name or number, by a case number, or by a case's name.
namespace fristvakt::daemon {

using workflows::Organisation;

namespace {

constexpr std::size_t kHitsMax{50};

/// Lower case, for ASCII and the letters that Norwegian names have.
std::string folded(std::string_view text) {
    std::string out = workflows::lower_case(text);
    for (std::size_t i = 0; i + 1 < out.size(); ++i) {
        const auto second = static_cast<unsigned char>(out[i + 1]);
        // À to Þ lie 32 before à to þ, in one block of UTF-8.
        if (static_cast<unsigned char>(out[i]) == 0xC3 && second >= 0x80 && second <= 0x9E) {
            out[i + 1] = static_cast<char>(second + 0x20);
        }
    }
    return out;
}

Html organisations(const View& view, const std::string& wanted) {
    std::vector<const Organisation*> hits;
    for (const auto& [id, one] : view.definitions->organisations) {
        if (one.number == wanted || id == wanted ||
            folded(one.name).find(wanted) != std::string::npos) {
            hits.push_back(&one);
        }
    }
    std::ranges::sort(hits, [](const Organisation* a, const Organisation* b) {
        return comes_before(a->name, b->name);
    });
    Html out;
    for (const Organisation* const one : hits) {
        if (out.str().size() < kHitsMax * 200) {
            out.add("<li>{} <small>{}</small></li>\n", organisation_link(view, one->id),
                    one->number);
        }
    }
    return out;
}

Html requirements(const View& view, const std::string& wanted) {
    Html out;
    for (const workflows::Cohort& cohort : view.definitions->cohorts) {
        for (const workflows::Requirement& one : cohort.requirements) {
            const std::string number = folded(one.deliver.case_number);
            const bool has_number = !number.empty() && number.find(wanted) != std::string::npos;
            if (has_number || folded(view.in(one.title)).find(wanted) != std::string::npos) {
                out.add(
                    "<li><a class=\"ds-link\" href=\"/krav/{}/{}\">{}</a> <small>{} {}</small>"
                    "</li>\n",
                    percent_encode(cohort.id), percent_encode(one.id), view.in(one.title),
                    cohort.id, one.deliver.case_number);
            }
        }
    }
    return out;
}

}  // namespace

PageResult search_page(View& view) {
    const std::string asked = view.argument("q");
    std::string wanted = folded(asked);
    wanted.erase(0, std::min(wanted.find_first_not_of(' '), wanted.size()));
    wanted.erase(wanted.find_last_not_of(' ') + 1);
    Content out;
    out.title = {"Søk", "Søk"};
    Html hits;
    if (wanted.size() >= 2) {
        if (auto item = view.snapshot->find_case(asked); item.ok() && item.value()) {
            hits.add("<li>{} – {}</li>\n", case_link(view, *item.value()),
                     organisation_name(item.value()->debtor, *view.definitions));
        }
        hits.add(organisations(view, wanted));
        hits.add(requirements(view, wanted));
    }
    if (hits.empty()) {
        out.body.add(
            "<p class=\"ds-paragraph\" role=\"status\">{}</p>\n",
            wanted.size() < 2
                ? view.pick("Skriv minst to tegn: navnet eller nummeret på en kommune, et krav, et "
                            "saksnummer eller navnet på en sak.",
                            "Skriv minst to teikn: namnet eller nummeret på ein kommune, eit krav, "
                            "eit saksnummer eller namnet på ei sak.")
                : view.pick("Ingen treff. Prøv en del av navnet, eller kommunenummeret.",
                            "Ingen treff. Prøv ein del av namnet, eller kommunenummeret."));
    } else {
        out.body.add("<p class=\"ds-paragraph\">{} «{}»:</p>\n<ul class=\"fv-hits\">\n{}</ul>\n",
                     view.pick("Treff på", "Treff på"), asked, hits);
    }
    return out;
}

}  // namespace fristvakt::daemon
