# What find_package(Nascent COMPONENTS core data archive mpi onnx torch) needs. Nothing here depends on the processor or on LibTorch.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(folder ${CMAKE_INSTALL_DATADIR}/cmake/Nascent)
install(TARGETS nascent_core nascent_data nascent_archive nascent_mpi nascent_onnx nascent_torch nascent_nascent EXPORT NascentTargets FILE_SET HEADERS)
install(EXPORT NascentTargets NAMESPACE nascent:: DESTINATION ${folder})
configure_package_config_file(cmake/NascentConfig.cmake.in NascentConfig.cmake INSTALL_DESTINATION ${folder})
write_basic_package_version_file(NascentConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(
  FILES
    ${CMAKE_CURRENT_BINARY_DIR}/NascentConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/NascentConfigVersion.cmake
    cmake/NascentDependencies.cmake cmake/FindNascentTorch.cmake cmake/FindStb.cmake
    cmake/NascentCompileFail.cmake cmake/NascentCuda.cmake
  DESTINATION ${folder})

# For builds without CMake.
configure_file(cmake/nascent.pc.in nascent.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/nascent.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
