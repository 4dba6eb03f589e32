# What `cmake --install` places, and where. The configuration that the program carries is a working
# installation; a copy of it stands among the examples, and /etc/fristvakt is the operator's own.
set(doc ${CMAKE_INSTALL_DATAROOTDIR}/doc/fristvakt)

if(TARGET fristvakt)
    install(TARGETS fristvakt RUNTIME DESTINATION bin)
endif()
install(PROGRAMS systemd/backup DESTINATION libexec/fristvakt)
install(FILES systemd/sysusers.conf DESTINATION lib/sysusers.d RENAME fristvakt.conf)
install(FILES systemd/tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME fristvakt.conf)
install(FILES man/fristvakt.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES LICENSE DESTINATION ${doc} RENAME copyright)
install(FILES README.md CHANGELOG.md DESTINATION ${doc} OPTIONAL)
install(FILES systemd/prometheus-rules.yml DESTINATION ${doc}/examples)
install(DIRECTORY config/ DESTINATION ${doc}/examples/config PATTERN ".*" EXCLUDE)

# The units name the program where it is installed, which is known no earlier than now.
set(units ${PROJECT_SOURCE_DIR}/systemd/fristvakt.service
    ${PROJECT_SOURCE_DIR}/systemd/fristvakt-backup.service
    ${PROJECT_SOURCE_DIR}/systemd/fristvakt-backup.timer)
install(CODE "
    foreach(unit IN ITEMS ${units})
        get_filename_component(name \"\${unit}\" NAME)
        file(READ \"\${unit}\" text)
        foreach(folder IN ITEMS bin/fristvakt libexec/)
            string(REPLACE \"/usr/\${folder}\" \"\${CMAKE_INSTALL_PREFIX}/\${folder}\"
                   text \"\${text}\")
        endforeach()
        file(WRITE \"${PROJECT_BINARY_DIR}/units/\${name}\" \"\${text}\")
        file(INSTALL \"${PROJECT_BINARY_DIR}/units/\${name}\"
             DESTINATION \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system\")
    endforeach()")
