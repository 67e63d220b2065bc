@echo off
rem glass for Windows: finds a JDK of at least 25.0.3, builds the program when it is missing, and starts it.
rem After a change of the sources: glass.cmd --rebuild. GLASS_JAVA_OPTS adds JVM options.
setlocal EnableExtensions EnableDelayedExpansion
set "root=%~dp0"
set "app=%root%target\glass"
chcp 65001 >nul

set "jdk="
if defined JAVA_HOME call :try "%JAVA_HOME%"
if not defined jdk for /f "delims=" %%j in ('where java 2^>nul') do if not defined jdk call :try "%%~dpj.."
for %%b in ("%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" "%USERPROFILE%\.jdks") do (
    if not defined jdk if exist "%%~b" for /d %%d in ("%%~b\*") do if not defined jdk call :try "%%~d"
)
if not defined jdk (
    echo glass: no JDK of version 25.0.3 or newer was found: looked at JAVA_HOME, PATH and the usual folders. 1>&2
    echo   Install one, for example Eclipse Temurin 25, or set JAVA_HOME to its folder. 1>&2
    exit /b 3
)

if "%~1"=="--rebuild" (
    rmdir /s /q "%app%" 2>nul
    call :build || exit /b 4
    exit /b 0
)
if not exist "%app%\built" call :build || exit /b 4

"%jdk%\bin\java" -XX:+UseSerialGC -Xms24m -Xmx1g -XX:+UseCompactObjectHeaders -XX:+UnlockExperimentalVMOptions ^
    -XX:CompileCommand=quiet -XX:CompileCommand=CompileThresholdScaling,dev.glasshouse.kernels.vector.*::*,0.01 ^
    -XX:CompileCommand=BackgroundCompilation,dev.glasshouse.kernels.vector.*::*,false ^
    -XX:+EnableVectorSupport --add-exports=java.base/jdk.internal.module=ALL-UNNAMED --enable-native-access=ALL-UNNAMED ^
    -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 %GLASS_JAVA_OPTS% ^
    -cp "%app%\lib\*" dev.glasshouse.cli.Main %*
exit /b %errorlevel%

rem Sets jdk to %1 if it holds a JDK that is new enough.
:try
if not exist "%~1\bin\javac.exe" exit /b
if not exist "%~1\release" exit /b
for /f "tokens=2 delims==" %%v in ('findstr /b JAVA_VERSION= "%~1\release"') do set "version=%%~v"
for /f "tokens=1-3 delims=.+-" %%a in ("!version!.0.0") do (
    if %%a gtr 25 set "jdk=%~1"
    if %%a equ 25 if %%b gtr 0 set "jdk=%~1"
    if %%a equ 25 if %%b equ 0 if %%c geq 3 set "jdk=%~1"
)
exit /b

:build
where mvn >nul 2>nul || (
    echo glass: Maven ^(mvn^) is needed to build Glasshouse and is not on the PATH. 1>&2
    exit /b 1
)
echo glass: building the program, a minute or two; Maven fetches its tools once 1>&2
set "JAVA_HOME=%jdk%"
call mvn -q -B -f "%root%pom.xml" -Dquick -Dmaven.test.skip=true -pl cli -am package 1>&2 || exit /b 1
mkdir "%app%\lib" 2>nul
copy /y "%root%cli\target\lib\*.jar" "%app%\lib\" >nul || exit /b 1
copy /y "%root%cli\target\glasshouse-cli-*.jar" "%app%\lib\" >nul || exit /b 1
echo. >"%app%\built"
exit /b 0
