# One library per folder ("room"), with explicit links: including or calling past a link fails to build.
#
#   tandem_room(NAME tandem_core_sip CORE DEPENDS tandem_base [LIBRARIES OpenSSL::Crypto])
#
# Takes every *.cc of the folder; *_test.cc become unit tests of one binary NAME_tests.
# CORE rooms are pure: no exceptions, no RTTI. HOT rooms read and write every byte of every message:
# what more is put inline there pays.

# What scripts/lib/profile.sh has learned for this build, none at first; a function that was changed since
# is compiled without. A source is looked up by its object, from the folder of the build.
function(tandem_learned target)
  file(RELATIVE_PATH objects ${CMAKE_BINARY_DIR} ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir)
  foreach(source ${ARGN})
    file(RELATIVE_PATH name ${CMAKE_CURRENT_SOURCE_DIR} ${source})
    set(counts ${CMAKE_BINARY_DIR}/profile/${objects}/${name}.gcda)
    if(EXISTS ${counts})
      set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${counts} COMPILE_OPTIONS
        "-fprofile-use=profile;-fprofile-correction;-Wno-coverage-mismatch;-Wno-missing-profile")
    endif()
  endforeach()
endfunction()

# Programs that stand for the product are optimized as a whole as far as the core goes: calls from file
# to file are most of its work, and what is used together stands together, which mold does not see to. All
# others take the objects of the core as they are, which links in a second.
function(tandem_compile_for_whole target)
  if(TANDEM_WHOLE)
    target_compile_options(${target} PRIVATE $<$<CONFIG:RelWithDebInfo>:-flto -ffat-lto-objects>)
  endif()
endfunction()

function(tandem_link_as_whole target)
  if(TANDEM_WHOLE)
    set_target_properties(${target} PROPERTIES LINKED_AS_WHOLE ON)
    target_link_options(${target} PRIVATE $<$<CONFIG:RelWithDebInfo>:-flto=auto -fuse-ld=bfd -Wno-stringop-overread>)
  endif()
endfunction()

function(tandem_room)
  cmake_parse_arguments(ROOM "CORE;HOT" "NAME" "DEPENDS;LIBRARIES;TEST_DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")

  if(sources)
    add_library(${ROOM_NAME} STATIC ${sources})
    tandem_learned(${ROOM_NAME} ${sources})
    target_include_directories(${ROOM_NAME} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${ROOM_NAME} PUBLIC ${ROOM_DEPENDS} PRIVATE ${ROOM_LIBRARIES})
    if(ROOM_CORE)
      target_compile_options(${ROOM_NAME} PRIVATE -fno-exceptions -fno-rtti)
      tandem_compile_for_whole(${ROOM_NAME})
    endif()
    if(ROOM_HOT)
      target_compile_options(${ROOM_NAME} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O3>)
    endif()
  else()
    add_library(${ROOM_NAME} INTERFACE)
    target_include_directories(${ROOM_NAME} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${ROOM_NAME} INTERFACE ${ROOM_DEPENDS} ${ROOM_LIBRARIES})
  endif()

  if(tests AND NOT TANDEM_FUZZ)
    add_executable(${ROOM_NAME}_tests ${tests})
    target_link_libraries(${ROOM_NAME}_tests PRIVATE ${ROOM_NAME} ${ROOM_LIBRARIES} ${ROOM_TEST_DEPENDS}
      GTest::gtest GTest::gtest_main)
    target_include_directories(${ROOM_NAME}_tests PRIVATE ${PROJECT_SOURCE_DIR}/test)
    target_compile_definitions(${ROOM_NAME}_tests PRIVATE TANDEM_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_test(NAME ${ROOM_NAME}_tests COMMAND ${ROOM_NAME}_tests)
    set_property(GLOBAL APPEND PROPERTY TANDEM_TEST_BINARIES ${ROOM_NAME}_tests)
  endif()
endfunction()
