#include "daemon/web/actions/notice_tests.hpp"

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/requirement_preview.hpp"

namespace fristvakt::daemon {

namespace {

std::string path_of(const HttpRequest& request) {
    return "/krav/" + percent_encode(request.parameter("cohort")) + "/" +
           percent_encode(request.parameter("id"));
}

}  // namespace

void NoticeTests::add_routes(Router& router, const Pages& pages) {
    router.add({"POST", "/krav/{cohort}/{id}/test", "notice_test", Right::Act,
                [this, &pages](const HttpRequest& request) { return send(request, pages); }});
}

HttpResponse NoticeTests::send(const HttpRequest& request, const Pages& pages) const {
    if (request.visitor.kind != Visitor::Kind::Person) {
        return pages.error_page(request, 404);
    }
    return pages.with_view(request, [&](View& view) { return send(view, pages); });
}

HttpResponse NoticeTests::send(View& view, const Pages& pages) const {
    const HttpRequest& request = view.request;
    const auto* const cohort = view.definitions->find_cohort(request.parameter("cohort"));
    const auto* const requirement =
        cohort == nullptr ? nullptr : cohort->find_requirement(request.parameter("id"));
    if (requirement == nullptr) {
        return pages.error_page(request, 404);
    }
    const PreviewQuestion question = read_preview_question(view, *cohort, *requirement);
    auto written = write_preview(view, *cohort, *requirement, question);
    if (!written.ok()) {
        return pages.error_page(request, 404);
    }
    const auto noted = engines_.of(request.visitor)
                           .note_test({.cohort = cohort->id,
                                       .requirement = requirement->id,
                                       .notice = question.notice,
                                       .who = view.who});
    if (!noted.ok()) {
        return pages.error_page(request,
                                noted.error().kind == workflows::ErrorKind::Forbidden ? 403 : 503);
    }
    workflows::RenderedMessage rendered = written.value().rendered;
    rendered.subject = "[Test] " + rendered.subject;
    const bool sent =
        send_({.to = {.id = {}, .address = request.visitor.address, .name = request.visitor.name},
               .language = written.value().snapshot.language,
               .at = view.now(),
               .rendered = std::move(rendered),
               .definitions = view.definitions});
    if (!sent) {
        return pages.error_page(request, 503);
    }
    const std::string query = encode_query({{"varsel", question.notice},
                                            {"til", question.debtor},
                                            {"form", view.argument("form")},
                                            {"gjort", "test"}});
    return {.status = 303,
            .headers = {{"Location", path_of(request) + query + "#varsler"},
                        {"Cache-Control", "no-store"}},
            .body = {}};
}

Html notice_test_form(const View& view, std::string_view query) {
    const Visitor& visitor = view.visitor();
    if (visitor.kind != Visitor::Kind::Person || !may_somewhere(visitor, Right::Act)) {
        return {};
    }
    Html out;
    if (view.argument("gjort") == "test") {
        out.add(
            "<div class=\"ds-alert fv-flash\" data-color=\"success\" role=\"status\"><p>{} {}.</p>"
            "</div>\n",
            view.pick("Testen er på vei til", "Testen er på veg til"), visitor.address);
    }
    out.add(
        "<form class=\"fv-inline\" method=\"post\" action=\"{}/test{}\">{}<button "
        "class=\"ds-button\" data-variant=\"secondary\" data-size=\"sm\" type=\"submit\">{}"
        "</button></form>\n",
        view.request.raw_path, query, form_token_field(view),
        view.pick("Test på meg selv", "Test på meg sjølv"));
    return out;
}

}  // namespace fristvakt::daemon
