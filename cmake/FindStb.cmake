# Finds stb_image and stb_image_write (Debian's libstb-dev): makes Stb::stb, whose users write #include <stb/stb_image.h>.
find_path(Stb_INCLUDE_DIR stb/stb_image.h)
mark_as_advanced(Stb_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Stb REQUIRED_VARS Stb_INCLUDE_DIR)
if(Stb_FOUND AND NOT TARGET Stb::stb)
  add_library(Stb::stb INTERFACE IMPORTED GLOBAL)
  set_target_properties(Stb::stb PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${Stb_INCLUDE_DIR}")
endif()
