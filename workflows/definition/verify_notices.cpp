#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "workflows/definition/notice_variables.hpp"
#include "workflows/definition/verification.hpp"

namespace fristvakt::workflows {
namespace {

/// The places of the variables of one twin, the first of each.
using Used = std::map<std::string, SourcePosition>;

void check_part(Verification& verification, std::string_view text, const SourcePosition& start,
                std::span<const std::string_view> known, Used& used) {
    for (const auto& placeholder : placeholders_in(text)) {
        SourcePosition where = start;
        where.column =
            placeholder.line == 1 ? start.column + placeholder.column - 1 : placeholder.column;
        where.line += placeholder.line - 1;
        if (std::ranges::find(known, std::string_view(placeholder.name)) == known.end()) {
            verification.error(where, fmt::format("no variable is called `{}`", placeholder.name),
                               did_you_mean(placeholder.name, known));
        } else {
            used.emplace(placeholder.name, where);
        }
    }
}

Used check_twin(Verification& verification, const Notice::Twin& twin,
                std::span<const std::string_view> known) {
    Used used;
    check_part(verification, twin.subject, twin.subject_where, known, used);
    check_part(verification, twin.preheader, twin.preheader_where, known, used);
    check_part(verification, twin.markdown, twin.where, known, used);
    return used;
}

void check_missing_in(Verification& verification, const Used& one, const Used& other,
                      std::string_view other_name) {
    for (const auto& [name, where] : one) {
        if (!other.contains(name)) {
            verification.error(where, fmt::format("the {} twin lacks `{}`", other_name, name),
                               "both målformer say the same: use it in both, or in neither");
        }
    }
}

}  // namespace

void verify_notices(Verification& verification) {
    std::vector<std::string_view> known;
    for (const auto& variable : notice_variables()) {
        known.push_back(variable.name);
    }
    for (const auto& [id, notice] : verification.definitions.notices) {
        const bool has_nb = notice.nb.where.line > 0;
        const bool has_nn = notice.nn.where.line > 0;
        if (!has_nb || !has_nn) {
            SourcePosition where = has_nb ? notice.nb.where : notice.nn.where;
            where.line = 1;
            verification.error(
                where,
                fmt::format("the notice `{}` lacks its {} twin", id, has_nb ? "nynorsk" : "bokmål"),
                fmt::format("add messages/{}/{}.md: nobody is written to in the "
                            "wrong målform",
                            has_nb ? "nn" : "nb", id));
            continue;
        }
        const std::size_t findings_before = verification.findings.size();
        const Used nb = check_twin(verification, notice.nb, known);
        const Used nn = check_twin(verification, notice.nn, known);
        if (verification.findings.size() == findings_before) {
            check_missing_in(verification, nb, nn, "nynorsk");
            check_missing_in(verification, nn, nb, "bokmål");
        }
    }
}

}  // namespace fristvakt::workflows
