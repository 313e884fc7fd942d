<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AboutPage</name>
    <message>
        <source>Version {version} · Qt {qt}</source>
        <translation>版本 {version} · Qt {qt}</translation>
    </message>
    <message>
        <source>Keeps every way you have to reach Claude in the keyring of your operating system, and gives all your tools one address.</source>
        <translation>把您访问 Claude 的所有方式保存在系统密钥环中，所有工具只用一个地址。</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open the folder: {name}</source>
        <translation>打开文件夹：{name}</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>ProxyCast is free software under the MIT licence. It stands on the work of others:</source>
        <translation>ProxyCast 是采用 MIT 许可证的自由软件，并使用了以下项目：</translation>
    </message>
</context>
<context>
    <name>Banners</name>
    <message>
        <source>Open file</source>
        <translation>打开文件</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Choose another port</source>
        <translation>更换端口</translation>
    </message>
    <message>
        <source>Other machines can reach the proxy. Anyone who has the client token can use your credentials.</source>
        <translation>其他机器可以访问此代理。任何持有客户端令牌的人都能使用您的凭证。</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Stop the proxy</source>
        <translation>停止代理</translation>
    </message>
    <message>
        <source>Start the proxy</source>
        <translation>启动代理</translation>
    </message>
    <message>
        <source>Address copied</source>
        <translation>地址已复制</translation>
    </message>
</context>
<context>
    <name>LookCard</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Follow the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Credentials</source>
        <translation>凭证池</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
</context>
<context>
    <name>Navigation</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>PoolPage</name>
    <message>
        <source>Credential pool</source>
        <translation>凭证池</translation>
    </message>
</context>
<context>
    <name>ProxyCard</name>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Start the proxy with ProxyCast</source>
        <translation>启动 ProxyCast 时启动代理</translation>
    </message>
    <message>
        <source>Keep running in the tray when the window is closed</source>
        <translation>关闭窗口后在托盘中继续运行</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Your tools use this port. Change it in them too if you change it here.</source>
        <translation>您的工具使用此端口。在这里修改后，也请在工具中修改。</translation>
    </message>
    <message>
        <source>Without a tray, closing the window quits.</source>
        <translation>没有托盘时，关闭窗口即退出。</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SecretsCard</name>
    <message>
        <source>Security</source>
        <translation>安全</translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Where keys are kept</source>
        <translation>密钥保存位置</translation>
    </message>
    <message>
        <source>Show the client token</source>
        <translation>显示客户端令牌</translation>
    </message>
    <message>
        <source>Copy the client token</source>
        <translation>复制客户端令牌</translation>
    </message>
    <message>
        <source>Renew …</source>
        <translation>更换…</translation>
    </message>
    <message>
        <source>Client token</source>
        <translation>客户端令牌</translation>
    </message>
    <message>
        <source>Your tools show it to the proxy as their API key.</source>
        <translation>您的工具以它作为 API Key 访问代理。</translation>
    </message>
    <message>
        <source>Locked or not answering</source>
        <translation>已锁定或无响应</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>不保存</translation>
    </message>
    <message>
        <source>There is no keyring here: keys are kept until ProxyCast ends.</source>
        <translation>此处没有密钥环：密钥只保留到 ProxyCast 退出。</translation>
    </message>
    <message>
        <source>Encrypted</source>
        <translation>已加密</translation>
    </message>
    <message>
        <source>In a file encrypted with your passphrase.</source>
        <translation>保存在以您的口令加密的文件中。</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Hide the client token</source>
        <translation>隐藏客户端令牌</translation>
    </message>
    <message>
        <source>Client token copied; the clipboard is cleared after 30 seconds</source>
        <translation>客户端令牌已复制；剪贴板将在 30 秒后清空</translation>
    </message>
    <message>
        <source>Renew the client token?</source>
        <translation>更换客户端令牌？</translation>
    </message>
    <message>
        <source>Every tool that uses the old one is refused until you give it the new one.</source>
        <translation>使用旧令牌的工具都会被拒绝，直到您为它换上新令牌。</translation>
    </message>
    <message>
        <source>Renew</source>
        <translation>更换</translation>
    </message>
    <message>
        <source>The client token is new</source>
        <translation>客户端令牌已更换</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>Stopping …</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Proxy running</source>
        <translation>代理运行中</translation>
    </message>
    <message>
        <source>Proxy stopped</source>
        <translation>代理已停止</translation>
    </message>
    <message>
        <source>Proxy running, needs attention</source>
        <translation>代理运行中，需要处理</translation>
    </message>
    <message>
        <source>Proxy could not start</source>
        <translation>代理未能启动</translation>
    </message>
    <message>
        <source>No credential is selected</source>
        <translation>未选择凭证</translation>
    </message>
    <message>
        <source>{name} is selected but disabled</source>
        <translation>已选择 {name}，但它被禁用</translation>
    </message>
    <message>
        <source>Using {name}</source>
        <translation>正在使用 {name}</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Proxy on</source>
        <translation>开启代理</translation>
    </message>
    <message>
        <source>Current credential</source>
        <translation>当前凭证</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Open the window</source>
        <translation>打开窗口</translation>
    </message>
    <message>
        <source>Open the log folder</source>
        <translation>打开日志文件夹</translation>
    </message>
    <message>
        <source>Quit ProxyCast</source>
        <translation>退出 ProxyCast</translation>
    </message>
    <message>
        <source>More in the window …</source>
        <translation>在窗口中查看更多…</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Client token</source>
        <translation>客户端令牌</translation>
    </message>
    <message>
        <source>Lines for {shell}</source>
        <translation>{shell} 设置命令</translation>
    </message>
</context>
<context>
    <name>self.window</name>
    <message>
        <source>ProxyCast keeps running here. Quit it from this menu.</source>
        <translation>ProxyCast 仍在此处运行，可从此菜单退出。</translation>
    </message>
</context>
</TS>
