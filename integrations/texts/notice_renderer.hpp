#pragma once

#include <memory>
#include <string>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/message.hpp"
#include "workflows/ports.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations {

/// Which notice a message is written by.
///
/// All items of one notice: that one, when there is one item or the notice lists its cases itself.
/// Else `collective` for reminders, `collective-news` for answers and changes. A softened item
/// takes the notice's twin `ID-softened` where there is one.
/// NotFound: the definitions lack that notice.
[[nodiscard]] workflows::Result<const workflows::Notice*> notice_for(
    const workflows::MessageSnapshot& snapshot, const workflows::Definitions& definitions);

/// How much of a message is written.
enum class Extent { Whole, Subject };

/// Writes messages by the notices of a configuration. Thread-safe; each notice is compiled once
/// for each configuration.
class NoticeRenderer final : public workflows::Renderer {
 public:
    explicit NoticeRenderer(Extent extent = Extent::Whole);
    ~NoticeRenderer() override;
    NoticeRenderer(const NoticeRenderer&) = delete;
    NoticeRenderer& operator=(const NoticeRenderer&) = delete;

    /// The subject has at most 78 characters and no line break.
    /// NotFound: the notice is not there. InvalidInput: the notice cannot be compiled, or the
    /// snapshot has no item or the definitions have no time zone.
    [[nodiscard]] workflows::Result<workflows::RenderedMessage> render(
        const workflows::MessageSnapshot& snapshot,
        const workflows::Definitions& definitions) const override;
    /// As to_mime(); for a channel in Teams as teams::to_payload().
    [[nodiscard]] workflows::Result<std::string> to_bytes(
        const workflows::MessageSnapshot& snapshot, const workflows::RenderedMessage& rendered,
        const workflows::Definitions& definitions) const override;

 private:
    struct Cache;
    std::unique_ptr<Cache> cache_;
    const Extent extent_;
};

}  // namespace fristvakt::integrations
