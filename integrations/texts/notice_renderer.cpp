#include "integrations/texts/notice_renderer.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>

#include "integrations/guarded.hpp"
#include "integrations/mail/mime.hpp"
#include "integrations/texts/channel_card.hpp"
#include "integrations/texts/digest_document.hpp"
#include "integrations/texts/document.hpp"
#include "integrations/texts/invitation.hpp"
#include "integrations/texts/message_values.hpp"
#include "integrations/texts/notice_template.hpp"
#include "integrations/texts/plain_value.hpp"
#include "integrations/texts/silent_channel.hpp"
#include "workflows/definition/notice_variables.hpp"

namespace fristvakt::integrations {

namespace {

using workflows::Definitions;
using workflows::Error;
using workflows::ErrorKind;
using workflows::MessageSnapshot;
using workflows::Notice;
using workflows::NoticeKind;
using workflows::RenderedMessage;
using workflows::Result;

using TemplatePointer = std::shared_ptr<const texts::NoticeTemplate>;

constexpr std::size_t kSubjectCharactersMax = 78;  // RFC 5322 2.1.1.
constexpr std::size_t kCachedMax = 1024;           // More means that many configurations came by.

const Notice* notice_of(const MessageSnapshot::Item& item, const Definitions& definitions) {
    constexpr std::string_view kSuffix = "-softened";
    if (item.softened && !item.notice.ends_with(kSuffix)) {
        if (const Notice* twin = definitions.find_notice(item.notice + std::string(kSuffix))) {
            return twin;
        }
    }
    return definitions.find_notice(item.notice);
}

/// Without compiling: a list says `{{#cases}}` somewhere in its body.
bool lists_cases(const Notice& notice, workflows::Language language) {
    const auto placeholders = workflows::placeholders_in(notice.in(language).markdown);
    return std::any_of(placeholders.begin(), placeholders.end(),
                       [](const auto& placeholder) { return placeholder.name == "cases"; });
}

Error not_found(const std::string& notice) {
    return {ErrorKind::NotFound, "the notice '" + notice +
                                     "' is not in the configuration; add it to messages/nb and nn"};
}

}  // namespace

Result<const Notice*> notice_for(const MessageSnapshot& snapshot, const Definitions& definitions) {
    if (snapshot.items.empty()) {
        return Error{ErrorKind::InvalidInput, "a message without a case"};
    }
    const Notice* first = notice_of(snapshot.items.front(), definitions);
    const bool all_alike =
        std::all_of(snapshot.items.begin(), snapshot.items.end(),
                    [&](const auto& item) { return notice_of(item, definitions) == first; });
    if (all_alike && first == nullptr) {
        return not_found(snapshot.items.front().notice);
    }
    if (all_alike && (snapshot.items.size() == 1 || lists_cases(*first, snapshot.language))) {
        return first;
    }
    const std::string id = snapshot.kind == NoticeKind::Reminder ? "collective" : "collective-news";
    const Notice* collective = definitions.find_notice(id);
    if (collective == nullptr) {
        return not_found(id);
    }
    return collective;
}

struct NoticeRenderer::Cache {
    Guarded<std::unordered_map<std::string, TemplatePointer>> templates;

    Result<TemplatePointer> get(const Notice& notice, const MessageSnapshot& snapshot,
                                const Definitions& definitions) {
        const std::string key = definitions.hash + " " +
                                std::string(workflows::language_tag(snapshot.language)) + " " +
                                notice.id;
        // A configuration without a hash is nobody's second time.
        const bool is_known = !definitions.hash.empty();
        if (is_known) {
            auto known = templates.with([&](const auto& all) {
                const auto found = all.find(key);
                return found == all.end() ? nullptr : found->second;
            });
            if (known != nullptr) {
                return known;
            }
        }
        auto compiled = texts::compile(notice.in(snapshot.language));
        if (!compiled.ok()) {
            return Error{compiled.error().kind,
                         "notice '" + notice.id + "' (" +
                             std::string(workflows::language_tag(snapshot.language)) +
                             "): " + compiled.error().message};
        }
        const auto made =
            std::make_shared<const texts::NoticeTemplate>(std::move(compiled).value());
        if (is_known) {
            templates.with([&](auto& all) {
                if (all.size() >= kCachedMax) {
                    all.clear();
                }
                all.insert_or_assign(key, made);
            });
        }
        return TemplatePointer(made);
    }
};

NoticeRenderer::NoticeRenderer(Extent extent)
    : cache_(std::make_unique<Cache>()), extent_(extent) {}
NoticeRenderer::~NoticeRenderer() = default;

Result<RenderedMessage> NoticeRenderer::render(const MessageSnapshot& snapshot,
                                               const Definitions& definitions) const {
    if (!definitions.zone) {
        return Error{ErrorKind::InvalidInput, "the configuration has no time zone"};
    }
    if (snapshot.channel == workflows::kTeamsChannel) {
        const teams::Card card = texts::channel_card(snapshot, definitions);
        const texts::Document document = texts::to_document(card);
        return RenderedMessage{.subject = card.title,
                               .text = texts::to_text(document),
                               .html = texts::to_html(document, {.subject = card.title,
                                                                 .preheader = card.lead,
                                                                 .language = snapshot.language})};
    }
    if (snapshot.digest || snapshot.kind == NoticeKind::News) {
        auto [document, envelope] = snapshot.digest ? texts::write_digest(snapshot, definitions)
                                                    : texts::write_silence(snapshot, definitions);
        envelope.subject = texts::shortened(envelope.subject, kSubjectCharactersMax);
        return RenderedMessage{.subject = envelope.subject,
                               .text = texts::to_text(document),
                               .html = texts::to_html(document, envelope)};
    }
    const auto notice = notice_for(snapshot, definitions);
    if (!notice.ok()) {
        return notice.error();
    }
    const auto compiled = cache_->get(*notice.value(), snapshot, definitions);
    if (!compiled.ok()) {
        return compiled.error();
    }
    const texts::NoticeTemplate& text = *compiled.value();
    const texts::Values values = texts::values_for(snapshot, definitions);
    texts::Envelope envelope;
    envelope.subject =
        texts::shortened(texts::fill_line(text.subject, values), kSubjectCharactersMax);
    if (extent_ == Extent::Subject) {
        return RenderedMessage{.subject = envelope.subject, .text = {}, .html = {}};
    }
    const texts::Document document = texts::fill(text.body, values);
    envelope.preheader = texts::fill_line(text.preheader, values);
    envelope.language = snapshot.language;
    return RenderedMessage{.subject = envelope.subject,
                           .text = texts::to_text(document),
                           .html = texts::to_html(document, envelope)};
}

Result<std::string> NoticeRenderer::to_bytes(const MessageSnapshot& snapshot,
                                             const RenderedMessage& rendered,
                                             const Definitions& definitions) const {
    if (texts::goes_as_card(snapshot, definitions.installation)) {
        return teams::to_payload(texts::channel_card(snapshot, definitions));
    }
    return to_mime(
        snapshot, rendered, definitions,
        snapshot.meeting ? texts::to_calendar_object(snapshot, definitions) : std::string{},
        texts::sender_name(snapshot, definitions));
}

}  // namespace fristvakt::integrations
