#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/definition/diagnostic.hpp"
#include "workflows/time/instant.hpp"

/// Small configurations, written as the files an operator writes.
namespace fristvakt::tests {

using DefinitionsPtr = std::shared_ptr<const workflows::Definitions>;

/// The files of a small installation. What stands here is the default: an embete, three kommuner
/// (one writes nynorsk, one has nobody but its postmottak) that owe a plan by Monday 25 January
/// 2021, and the embedded workflows, ladders, calendar and notices.
struct World {
    std::string window{R"({days: working, hours: "08:00-16:00", avoid: [romjul, fellesferie]})"};
    int nag_budget{2};
    int brake{20};
    std::string sending{"sending: spool"};
    std::string organisations{
        "sf,Statsforvalteren,embete,,,neutral,post@sf.example\n"
        "by,By kommune,kommune,,sf,nb,post@by.example\n"
        "dal,Dal kommune,kommune,,sf,nn,post@dal.example\n"
        "vik,Vik kommune,kommune,,sf,neutral,post@vik.example\n"};
    std::string contacts{
        "sf,Ida Berg,ida@sf.example,saksbehandler,,,\n"
        "by,Kari By,kari@by.example,ressursperson,,,\n"
        "by,Per By,per@by.example,skoleeier,,,\n"
        "dal,Marta Dal,marta@dal.example,ressursperson,,,\n"
        "dal,Rolv Dal,rolv@dal.example,skoleeier,,,\n"};
    std::string participants{"[by, dal, vik]"};
    std::string period{"{from: 2020-01-01, to: 2022-12-31}"};
    std::string requirements{
        "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-01-25, "
        "title: {nb: Plan, nn: Plan}}\n"};
    std::map<std::string, std::string> more;  ///< Further files by path; they win.

    [[nodiscard]] std::map<std::string, std::string> files() const;
    /// Verified and indexed. A world with an error in it ends the test program with the findings.
    [[nodiscard]] DefinitionsPtr load() const;
    /// What the check of its files finds.
    [[nodiscard]] std::vector<workflows::Diagnostic> findings() const;
};

/// A ladder for the embedded workflows: `World::more` under "ladders/standard.yaml".
[[nodiscard]] std::string ladder_file(const std::string& id, const std::vector<std::string>& steps,
                                      const std::string& fallback = "postmottak");

/// A copy of `base` after `change`, under another hash: quicker than reading files again.
[[nodiscard]] DefinitionsPtr changed(const DefinitionsPtr& base,
                                     const std::function<void(workflows::Definitions&)>& change);

/// "2021-01-25T08:00" in Oslo; "2021-01-25" is the start of that day.
[[nodiscard]] workflows::Instant at(std::string_view text);
/// "2021-01-25".
[[nodiscard]] workflows::Date day(std::string_view text);
[[nodiscard]] const workflows::TimeZone& oslo();
/// "2021-01-25 08:00" in Oslo, with seconds when there are any.
[[nodiscard]] std::string clock(workflows::Instant instant);

}  // namespace fristvakt::tests
