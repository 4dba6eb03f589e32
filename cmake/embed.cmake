# Files carried inside the program, by the assembler's .incbin: instant to build, and no copy of the
# bytes at run time.
#
#   fristvakt_embed(TARGET FUNCTION NAME=FILE …)
#
# adds to TARGET the definition of
#   std::span<const fristvakt::integrations::EmbeddedFile> fristvakt::integrations::FUNCTION()
# which its header declares; NAME is the path the program knows the file by. A changed file is taken
# in by the next build. A new one too, where the caller globbed with CONFIGURE_DEPENDS.
enable_language(ASM)

function(fristvakt_embed target function)
    set(pairs ${ARGN})
    list(SORT pairs)
    list(LENGTH pairs count)
    set(assembly "# Written by cmake/embed.cmake.\n.section .rodata\n")
    set(declarations "")
    set(entries "")
    set(files "")
    set(index 0)
    foreach(pair IN LISTS pairs)
        string(FIND "${pair}" "=" equals)
        string(SUBSTRING "${pair}" 0 ${equals} name)
        math(EXPR equals "${equals} + 1")
        string(SUBSTRING "${pair}" ${equals} -1 file)
        if(NOT EXISTS "${file}")
            message(FATAL_ERROR "${file} is missing; run script/setup")
        endif()
        list(APPEND files "${file}")
        set(symbol "fristvakt_${function}_${index}")
        string(APPEND assembly
            ".global ${symbol}, ${symbol}_size\n"
            ".hidden ${symbol}, ${symbol}_size\n"
            "${symbol}:\n.incbin \"${file}\"\n${symbol}_end:\n"
            ".balign 8\n${symbol}_size: .quad ${symbol}_end - ${symbol}\n")
        string(APPEND declarations
            "extern const char ${symbol}[];\nextern const std::uint64_t ${symbol}_size;\n")
        string(APPEND entries "        {\"${name}\", {${symbol}, ${symbol}_size}},\n")
        math(EXPR index "${index} + 1")
    endforeach()
    string(APPEND assembly ".section .note.GNU-stack,\"\",@progbits\n")

    set(base ${CMAKE_CURRENT_BINARY_DIR}/${function})
    # file(GENERATE) writes only what differs: an unchanged list builds nothing.
    file(GENERATE OUTPUT ${base}.s CONTENT "${assembly}")
    file(GENERATE OUTPUT ${base}.cpp CONTENT "// Written by cmake/embed.cmake.
#include \"integrations/embedded/embedded.hpp\"

#include <array>
#include <cstdint>

extern \"C\" {
${declarations}}

namespace fristvakt::integrations {

std::span<const EmbeddedFile> ${function}() {
    static const std::array<EmbeddedFile, ${count}> kFiles{{
${entries}    }};
    return kFiles;
}

}  // namespace fristvakt::integrations
")
    set_source_files_properties(${base}.s PROPERTIES OBJECT_DEPENDS "${files}")

    # The assembler gets none of the compiler's flags: it would complain about them.
    add_library(${target}_${function} OBJECT ${base}.s)
    target_sources(${target} PRIVATE ${base}.cpp $<TARGET_OBJECTS:${target}_${function}>)
endfunction()
