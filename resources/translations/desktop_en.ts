<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>ActivityPage</name>
    <message numerus="yes">
        <source>%Ln request(s) exported</source>
        <translation>
            <numerusform>%Ln request exported</numerusform>
            <numerusform>%Ln requests exported</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ActivityTop</name>
    <message numerus="yes">
        <source>Resume (%Ln new)</source>
        <translation>
            <numerusform>Resume (%Ln new)</numerusform>
            <numerusform>Resume (%Ln new)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Clipboard</name>
    <message numerus="yes">
        <source>The clipboard is cleared after %n second(s).</source>
        <translation>
            <numerusform>The clipboard is cleared after %n second.</numerusform>
            <numerusform>The clipboard is cleared after %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NewPassphrase</name>
    <message numerus="yes">
        <source>At least %n characters; several words are best.</source>
        <translation>
            <numerusform>At least %n character; several words are best.</numerusform>
            <numerusform>At least %n characters; several words are best.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Notifications</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PoolActions</name>
    <message numerus="yes">
        <source>%n credentials were deleted</source>
        <translation>
            <numerusform>%n credential was deleted</numerusform>
            <numerusform>%n credentials were deleted</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PoolTop</name>
    <message numerus="yes">
        <source>%Ln chosen</source>
        <translation>
            <numerusform>%Ln chosen</numerusform>
            <numerusform>%Ln chosen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PoolWords</name>
    <message numerus="yes">
        <source>{count} use(s)</source>
        <translation>
            <numerusform>{count} use</numerusform>
            <numerusform>{count} uses</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} error(s)</source>
        <translation>
            <numerusform>{count} error</numerusform>
            <numerusform>{count} errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>%n min ago</numerusform>
            <numerusform>%n min ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>%n h ago</numerusform>
            <numerusform>%n h ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>%n day ago</numerusform>
            <numerusform>%n days ago</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SecretsGroup</name>
    <message numerus="yes">
        <source>After %n second(s)</source>
        <translation>
            <numerusform>After %n second</numerusform>
            <numerusform>After %n seconds</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TryView</name>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln token</numerusform>
            <numerusform>%Ln tokens</numerusform>
        </translation>
    </message>
</context>
</TS>
