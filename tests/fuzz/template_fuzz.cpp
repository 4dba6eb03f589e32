// Notices as operators write them: subject, preheader and Markdown, each behind a line "%%".

#include <algorithm>
#include <array>
#include <string>

#include "integrations/texts/document.hpp"
#include "integrations/texts/notice_template.hpp"
#include "tests/fuzz/fields.hpp"
#include "tests/fuzz/markup.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace integrations::texts;

Values values_of(std::string_view value) {
    Values out;
    for (const auto& variable : workflows::notice_variables()) {
        if (variable.name != "cases") {
            out.set(variable.name, value);
        }
    }
    return out;
}

/// The values of a message about two cases.
Values full(std::string_view value) {
    Values out = values_of(value);
    out.set_cases({values_of(value), values_of(value)});
    return out;
}

struct Written {
    std::string html;
    std::string text;
    std::string subject;
};

Written write(const NoticeTemplate& notice, const Values& values) {
    const Document document = fill(notice.body, values);
    const Envelope envelope{.subject = fill_line(notice.subject, values),
                            .preheader = fill_line(notice.preheader, values)};
    return {to_html(document, envelope), to_text(document), envelope.subject};
}

void look_at_tags(const std::string& tags) {
    constexpr std::array<std::string_view, 24> kNames{
        "!doctype", "html", "head", "meta", "title", "body", "div",        "table",
        "tr",       "td",   "h1",   "h2",   "h3",    "p",    "ul",         "ol",
        "li",       "a",    "em",   "br",   "hr",    "b",    "blockquote", "strong"};
    std::string_view rest = tags;
    while (!rest.empty()) {
        (void)take_until(rest, "<");
        std::string_view tag = take_until(rest, ">");
        tag.remove_prefix(tag.starts_with('/') ? 1 : 0);
        const std::string_view name = tag.substr(0, tag.find(' '));
        demand(std::ranges::find(kNames, name) != kNames.end(), "only our own tags", tag);
        if (const auto at = tag.find("href=\""); at != std::string_view::npos) {
            const std::string_view to = tag.substr(at + 6);
            demand(to.starts_with("https://") || to.starts_with("http://") ||
                       to.starts_with("mailto:"),
                   "a link runs nothing", tag);
        }
    }
}

}  // namespace

void try_template(std::string_view text) {
    Fields fields{text};
    workflows::Notice::Twin twin;
    twin.subject = fields.next();
    twin.preheader = fields.next();
    twin.markdown = fields.next();
    const auto problems = problems_in(twin);
    const auto notice = compile(twin);
    demand(notice.ok() == problems.empty(), "what is compiled has no problem");
    if (!notice.ok()) {
        demand(notice.error().message == problems.front(), "the first problem is told");
        return;
    }
    const Written hostile =
        write(notice.value(), full("</p><script>*a*{{sender}}\" & '\n# x\n[b](https://c.example)"));
    const Written tame = write(notice.value(), full("ord"));
    (void)write(notice.value(), Values{});
    const std::string tags = tags_of(hostile.html);
    demand(tags == tags_of(tame.html), "no value is markup", hostile.html);
    look_at_tags(tags);
    demand(hostile.subject.find('\n') == std::string::npos, "a subject is one line",
           hostile.subject);
    demand(hostile.text.ends_with('\n'), "a text ends its last line", hostile.text);
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_template(fristvakt::fuzz::text_of(data, size));
    return 0;
}
