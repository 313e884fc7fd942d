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
    <name>AdvancedSection</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>两者都发送</translation>
    </message>
    <message>
        <source>As in the settings</source>
        <translation>与设置相同</translation>
    </message>
    <message>
        <source>That of the system</source>
        <translation>系统代理</translation>
    </message>
    <message>
        <source>None, connect directly</source>
        <translation>不使用，直接连接</translation>
    </message>
    <message>
        <source>Another one</source>
        <translation>其他代理</translation>
    </message>
    <message>
        <source>Address of the proxy</source>
        <translation>代理地址</translation>
    </message>
    <message>
        <source>The system&apos;s certificates</source>
        <translation>系统证书</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>选择 …</translation>
    </message>
    <message>
        <source>Allow http:// to a machine in my own network</source>
        <translation>允许以 http:// 连接内网中的机器</translation>
    </message>
    <message>
        <source>Remove this row</source>
        <translation>移除此行</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>请求头</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Add a header</source>
        <translation>添加请求头</translation>
    </message>
    <message>
        <source>Model that is asked for</source>
        <translation>请求的模型</translation>
    </message>
    <message>
        <source>Model that is sent</source>
        <translation>实际发送的模型</translation>
    </message>
    <message>
        <source>Add an alias</source>
        <translation>添加别名</translation>
    </message>
    <message>
        <source>Automatic: {header}</source>
        <translation>自动：{header}</translation>
    </message>
    <message>
        <source>The key is sent as</source>
        <translation>密钥发送方式</translation>
    </message>
    <message>
        <source>API version</source>
        <translation>API 版本</translation>
    </message>
    <message>
        <source>For requests that name none.</source>
        <translation>用于未指明版本的请求。</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Until connected</source>
        <translation>直到连接建立</translation>
    </message>
    <message>
        <source>First byte</source>
        <translation>首字节</translation>
    </message>
    <message>
        <source>Until the answer begins</source>
        <translation>直到开始应答</translation>
    </message>
    <message>
        <source>Silence</source>
        <translation>静默</translation>
    </message>
    <message>
        <source>Longest pause in an answer</source>
        <translation>应答中最长的停顿</translation>
    </message>
    <message>
        <source>Proxy on the way to the service</source>
        <translation>连接此服务所用的代理</translation>
    </message>
    <message>
        <source>File of certificates to trust</source>
        <translation>受信任的证书文件</translation>
    </message>
    <message>
        <source>Headers to add to every request</source>
        <translation>为每个请求添加的请求头</translation>
    </message>
    <message>
        <source>Model aliases</source>
        <translation>模型别名</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer)</source>
        <translation>证书 (*.pem *.crt *.cer)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
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
    <name>Basics</name>
    <message>
        <source>How you want to call it</source>
        <translation>您想如何称呼它</translation>
    </message>
    <message>
        <source>API Key</source>
        <translation>API Key</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Base URL</source>
        <translation>Base URL</translation>
    </message>
    <message>
        <source>Base URL (optional)</source>
        <translation>Base URL（可选）</translation>
    </message>
    <message>
        <source>AWS&apos;s own endpoint of the region</source>
        <translation>该区域的 AWS 官方端点</translation>
    </message>
    <message>
        <source>Kept as {url}: another service than Anthropic&apos;s, so it counts as a compatible one.</source>
        <translation>将保存为 {url}：这不是 Anthropic 的地址，将作为兼容服务保存。</translation>
    </message>
    <message>
        <source>Kept as {url}</source>
        <translation>将保存为 {url}</translation>
    </message>
    <message>
        <source>The base URL has changed: when you save, the stored key may be sent to {host}.</source>
        <translation>Base URL 已更改：保存后，已存的密钥可以发送到 {host}。</translation>
    </message>
    <message>
        <source>This looks like ProxyCast&apos;s own client token, which no service takes.</source>
        <translation>这看起来是 ProxyCast 自己的客户端令牌，任何服务都不接受它。</translation>
    </message>
    <message>
        <source>This looks like a key of {vendor}; Anthropic would not take it.</source>
        <translation>这看起来是 {vendor} 的密钥；Anthropic 不会接受它。</translation>
    </message>
    <message>
        <source>This looks like a key of {vendor}, and it would be sent to another service.</source>
        <translation>这看起来是 {vendor} 的密钥，却会被发送到另一个服务。</translation>
    </message>
</context>
<context>
    <name>BedrockSection</name>
    <message>
        <source>IAM role or AWS&apos;s default chain</source>
        <translation>IAM 角色或 AWS 默认凭证链</translation>
    </message>
    <message>
        <source>A profile of my AWS files</source>
        <translation>我的 AWS 配置文件中的 profile</translation>
    </message>
    <message>
        <source>Access key</source>
        <translation>访问密钥</translation>
    </message>
    <message>
        <source>Bedrock API key</source>
        <translation>Bedrock API 密钥</translation>
    </message>
    <message>
        <source>Show suggestions</source>
        <translation>显示建议</translation>
    </message>
    <message>
        <source>Access key ID</source>
        <translation>访问密钥 ID</translation>
    </message>
    <message>
        <source>Secret access key</source>
        <translation>私有访问密钥</translation>
    </message>
    <message>
        <source>Session token</source>
        <translation>会话令牌</translation>
    </message>
    <message>
        <source>Only for temporary keys</source>
        <translation>仅用于临时密钥</translation>
    </message>
    <message>
        <source>AWS identity</source>
        <translation>AWS 身份</translation>
    </message>
    <message>
        <source>AWS service</source>
        <translation>AWS 服务</translation>
    </message>
    <message>
        <source>Found: {names}</source>
        <translation>已找到：{names}</translation>
    </message>
    <message>
        <source>No profile was found in your AWS files (~/.aws).</source>
        <translation>在您的 AWS 文件（~/.aws）中没有找到 profile。</translation>
    </message>
    <message>
        <source>Workspace ID</source>
        <translation>工作区 ID</translation>
    </message>
    <message>
        <source>Empty: that of the profile or of the environment.</source>
        <translation>留空则使用 profile 或环境变量中的区域。</translation>
    </message>
    <message>
        <source>Optional. Empty: each request&apos;s own model.</source>
        <translation>可选。留空则使用每个请求自己的模型。</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profile</translation>
    </message>
    <message>
        <source>Model or inference profile</source>
        <translation>模型或推理配置文件</translation>
    </message>
</context>
<context>
    <name>CardButtons</name>
    <message>
        <source>Check</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Stop checking</source>
        <translation>停止检测</translation>
    </message>
</context>
<context>
    <name>CardList</name>
    <message>
        <source>Credentials</source>
        <translation>凭证池</translation>
    </message>
    <message>
        <source>Clear the search to change the order.</source>
        <translation>请先清除搜索，再调整顺序。</translation>
    </message>
</context>
<context>
    <name>CardMenu</name>
    <message>
        <source>Confirm destination</source>
        <translation>确认目标地址</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>复制为新凭证</translation>
    </message>
    <message>
        <source>Copy its own address</source>
        <translation>复制专用地址</translation>
    </message>
    <message>
        <source>Disable</source>
        <translation>禁用</translation>
    </message>
    <message>
        <source>Enable</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Del</translation>
    </message>
    <message>
        <source>End the demo</source>
        <translation>结束演示</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Stop checking</source>
        <translation>停止检测</translation>
    </message>
</context>
<context>
    <name>CredentialDialog</name>
    <message>
        <source>Edit credential</source>
        <translation>编辑凭证</translation>
    </message>
    <message>
        <source>Add a credential</source>
        <translation>添加凭证</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>A key, lines of a shell with ANTHROPIC_… or AWS_…, a JSON or YAML</source>
        <translation>密钥、含 ANTHROPIC_… 或 AWS_… 的 shell 命令行、JSON 或 YAML</translation>
    </message>
    <message>
        <source>Test connection</source>
        <translation>测试连接</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>The stored key is not sent to another address. Enter the key again, or save first.</source>
        <translation>已存的密钥不会发送到另一个地址。请重新输入密钥，或先保存。</translation>
    </message>
    <message>
        <source>Stop the test</source>
        <translation>停止测试</translation>
    </message>
    <message>
        <source>Saving …</source>
        <translation>正在保存 …</translation>
    </message>
    <message>
        <source>Discard what you entered?</source>
        <translation>放弃已填写的内容？</translation>
    </message>
    <message>
        <source>It is not saved yet.</source>
        <translation>内容尚未保存。</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>The clipboard says nothing about a credential that fits here.</source>
        <translation>剪贴板中没有适合此处的凭证信息。</translation>
    </message>
    <message>
        <source>Filled in: {fields}</source>
        <translation>已填入：{fields}</translation>
    </message>
</context>
<context>
    <name>CredentialForm</name>
    <message>
        <source>Advanced</source>
        <translation>高级选项</translation>
    </message>
</context>
<context>
    <name>EmptyPool</name>
    <message>
        <source>Add a credential</source>
        <translation>添加凭证</translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation>试用演示</translation>
    </message>
    <message>
        <source>A credential is one way to reach Claude: an Anthropic API key, AWS Bedrock or a compatible service. Its key is kept in the keyring of your system.</source>
        <translation>凭证是访问 Claude 的一种方式：Anthropic API Key、AWS Bedrock 或兼容服务。密钥保存在系统密钥环中。</translation>
    </message>
    <message>
        <source>The demo answers without a key and without the network, and is gone when you quit.</source>
        <translation>演示无需密钥和网络即可应答，退出后自动消失。</translation>
    </message>
    <message>
        <source>No credentials yet</source>
        <translation>还没有凭证</translation>
    </message>
</context>
<context>
    <name>Fold</name>
    <message>
        <source>unfolded</source>
        <translation>已展开</translation>
    </message>
    <message>
        <source>folded away</source>
        <translation>已收起</translation>
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
    <name>KeyField</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Taken from {variable} · enter a key to replace that</source>
        <translation>取自 {variable} · 输入密钥即可替换</translation>
    </message>
    <message>
        <source>A key is stored · enter a new one to replace it</source>
        <translation>已保存密钥 · 输入新密钥即可替换</translation>
    </message>
</context>
<context>
    <name>KindChooser</name>
    <message>
        <source>Anthropic</source>
        <translation>Anthropic 官方</translation>
    </message>
    <message>
        <source>The official API</source>
        <translation>官方 API</translation>
    </message>
    <message>
        <source>Compatible service</source>
        <translation>兼容服务</translation>
    </message>
    <message>
        <source>Kimi, GLM, relays …</source>
        <translation>Kimi、GLM、中转 …</translation>
    </message>
    <message>
        <source>Claude through AWS</source>
        <translation>经由 AWS 使用 Claude</translation>
    </message>
    <message>
        <source>AWS Bedrock</source>
        <translation>AWS Bedrock</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
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
    <name>MfaDialog</name>
    <message>
        <source>Sign in to AWS</source>
        <translation>登录 AWS</translation>
    </message>
    <message>
        <source>{name} assumes a role that asks for a second factor. Enter the code your MFA device shows now.</source>
        <translation>{name} 要使用的角色需要二次验证。请输入 MFA 设备当前显示的验证码。</translation>
    </message>
    <message>
        <source>Code of the MFA device</source>
        <translation>MFA 设备验证码</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
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
    <name>NothingFound</name>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>The search looks at names, hosts and kinds.</source>
        <translation>可按名称、主机和类型搜索。</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>Unlock the vault</source>
        <translation>解锁加密保险库</translation>
    </message>
    <message>
        <source>Your keys are in a file that is encrypted with your passphrase.</source>
        <translation>您的密钥保存在以您的口令加密的文件中。</translation>
    </message>
    <message>
        <source>Show the passphrase</source>
        <translation>显示口令</translation>
    </message>
    <message>
        <source>Hide the passphrase</source>
        <translation>隐藏口令</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>口令</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PlaceLine</name>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Keep it encrypted …</source>
        <translation>加密保存 …</translation>
    </message>
    <message>
        <source>There is no keyring here: the key is kept until ProxyCast ends, and not saved.</source>
        <translation>此处没有系统密钥环：密钥只保留到 ProxyCast 退出，不会保存。</translation>
    </message>
    <message>
        <source>Kept in a file that is encrypted with your passphrase.</source>
        <translation>保存在用您的口令加密的文件中。</translation>
    </message>
    <message>
        <source>Kept in {place}, never in a file.</source>
        <translation>保存在{place}中，绝不写入文件。</translation>
    </message>
</context>
<context>
    <name>PoolActions</name>
    <message>
        <source>{name} was deleted</source>
        <translation>已删除 {name}</translation>
    </message>
    <message numerus="yes">
        <source>%n credentials were deleted</source>
        <translation>
            <numerusform>已删除 %n 个凭证</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Address of {name} copied</source>
        <translation>已复制 {name} 的地址</translation>
    </message>
    <message>
        <source>{name} was disabled and is enabled now</source>
        <translation>{name} 原已禁用，现已启用</translation>
    </message>
    <message>
        <source>Send the key of {name} to {origin}?</source>
        <translation>将 {name} 的密钥发送到 {origin}？</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>确认</translation>
    </message>
</context>
<context>
    <name>PoolTop</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Check all</source>
        <translation>检测全部</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Credential pool</source>
        <translation>凭证池</translation>
    </message>
    <message>
        <source>{shown} of {count}</source>
        <translation>{shown} / {count}</translation>
    </message>
    <message>
        <source>Stop checking</source>
        <translation>停止检测</translation>
    </message>
    <message numerus="yes">
        <source>%Ln chosen</source>
        <translation>
            <numerusform>已选 %Ln 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>Enable</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>Disable</source>
        <translation>禁用</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>PoolWords</name>
    <message>
        <source>demo · this session</source>
        <translation>演示 · 仅本次会话</translation>
    </message>
    <message>
        <source>Anthropic</source>
        <translation>Anthropic 官方</translation>
    </message>
    <message>
        <source>Compatible</source>
        <translation>兼容服务</translation>
    </message>
    <message>
        <source>AWS Bedrock</source>
        <translation>AWS Bedrock</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Enabled</source>
        <translation>已启用</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>可用</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>检测中…</translation>
    </message>
    <message>
        <source>Disabled</source>
        <translation>已禁用</translation>
    </message>
    <message>
        <source>Needs key</source>
        <translation>缺少密钥</translation>
    </message>
    <message>
        <source>Destination changed</source>
        <translation>目标地址已变</translation>
    </message>
    <message>
        <source>Failing</source>
        <translation>异常</translation>
    </message>
    <message>
        <source>Not checked yet</source>
        <translation>尚未检测</translation>
    </message>
    <message>
        <source>Checked {when}</source>
        <translation>{when}检测</translation>
    </message>
    <message>
        <source>Checked {when} · {latency}</source>
        <translation>{when}检测 · {latency}</translation>
    </message>
    <message>
        <source>Not used yet</source>
        <translation>尚未使用</translation>
    </message>
    <message numerus="yes">
        <source>%Ln use(s)</source>
        <translation>
            <numerusform>使用 %Ln 次</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln error(s)</source>
        <translation>
            <numerusform>错误 %Ln 次</numerusform>
        </translation>
    </message>
    <message>
        <source>Used {when}</source>
        <translation>最后使用：{when}</translation>
    </message>
    <message>
        <source>Edit the credential to enter the key.</source>
        <translation>请编辑此凭证并填写密钥。</translation>
    </message>
    <message>
        <source>If you changed it, confirm it in the menu of this card.</source>
        <translation>如果是您修改的，请在此卡片的菜单中确认。</translation>
    </message>
    <message>
        <source>The service refused the last request (HTTP {status}).</source>
        <translation>服务拒绝了最近一次请求（HTTP {status}）。</translation>
    </message>
    <message>
        <source>The service did not answer the last request.</source>
        <translation>服务没有应答最近一次请求。</translation>
    </message>
    <message>
        <source>{number} ms</source>
        <translation>{number} 毫秒</translation>
    </message>
    <message>
        <source>{number} s</source>
        <translation>{number} 秒</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>%n 分钟前</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>%n 小时前</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>%n 天前</numerusform>
        </translation>
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
        <source>Locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>Not answering</source>
        <translation>无响应</translation>
    </message>
    <message>
        <source>Not working</source>
        <translation>无法使用</translation>
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
    <name>ServiceChooser</name>
    <message>
        <source>Search services</source>
        <translation>搜索服务</translation>
    </message>
    <message>
        <source>Another service</source>
        <translation>其他服务</translation>
    </message>
    <message>
        <source>No known service of this name. Choose another service, and enter its base URL.</source>
        <translation>没有这个名称的预设服务。请选择“其他服务”并填写 Base URL。</translation>
    </message>
    <message>
        <source>Another service, by its base URL</source>
        <translation>其他服务（填写 Base URL）</translation>
    </message>
    <message>
        <source>Get a key …</source>
        <translation>获取密钥 …</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更换</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
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
    <name>Trial</name>
    <message>
        <source>The test is running</source>
        <translation>正在测试</translation>
    </message>
    <message>
        <source>Model to test with</source>
        <translation>测试所用模型</translation>
    </message>
    <message>
        <source>Hide the result</source>
        <translation>隐藏结果</translation>
    </message>
    <message>
        <source>Asking {host} for one word …</source>
        <translation>正在向 {host} 请求一个词 …</translation>
    </message>
    <message>
        <source>The test was cancelled.</source>
        <translation>测试已取消。</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
    <message>
        <source>The service says: {words}</source>
        <translation>服务的原话：{words}</translation>
    </message>
</context>
<context>
    <name>VaultDialog</name>
    <message>
        <source>Keep keys encrypted</source>
        <translation>加密保存密钥</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Encrypt</source>
        <translation>加密</translation>
    </message>
    <message>
        <source>ProxyCast keeps keys in a file that is encrypted with this passphrase, and asks for it at each start. Without the passphrase the keys are lost.</source>
        <translation>ProxyCast 把密钥保存在用此口令加密的文件中，每次启动时会询问口令。忘记口令，密钥将无法找回。</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>口令</translation>
    </message>
    <message>
        <source>Passphrase, once more</source>
        <translation>再次输入口令</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>两次输入不一致。</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Enter a name</source>
        <translation>请填写名称</translation>
    </message>
    <message>
        <source>Another credential has this name</source>
        <translation>已有同名凭证</translation>
    </message>
    <message>
        <source>Choose a service or enter the base URL</source>
        <translation>请选择服务或填写 Base URL</translation>
    </message>
    <message>
        <source>Enter the API key</source>
        <translation>请填写 API Key</translation>
    </message>
    <message>
        <source>Enter the access key ID and the secret access key</source>
        <translation>请填写访问密钥 ID 和私有访问密钥</translation>
    </message>
    <message>
        <source>Enter the Bedrock API key</source>
        <translation>请填写 Bedrock API 密钥</translation>
    </message>
    <message>
        <source>Enter the profile</source>
        <translation>请填写 profile</translation>
    </message>
    <message>
        <source>Enter the region</source>
        <translation>请填写区域</translation>
    </message>
    <message>
        <source>Enter the workspace ID</source>
        <translation>请输入工作区 ID</translation>
    </message>
    <message>
        <source>A header has no name</source>
        <translation>有请求头缺少名称</translation>
    </message>
    <message>
        <source>A header is there twice</source>
        <translation>有请求头重复</translation>
    </message>
    <message>
        <source>A model alias is not complete</source>
        <translation>有模型别名不完整</translation>
    </message>
    <message>
        <source>A model alias is there twice</source>
        <translation>有模型别名重复</translation>
    </message>
    <message>
        <source>Check: {field}</source>
        <translation>请检查：{field}</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>API Key</source>
        <translation>API Key</translation>
    </message>
    <message>
        <source>Base URL</source>
        <translation>Base URL</translation>
    </message>
    <message>
        <source>The key is sent as</source>
        <translation>密钥发送方式</translation>
    </message>
    <message>
        <source>API version</source>
        <translation>API 版本</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>请求头</translation>
    </message>
    <message>
        <source>Time limits</source>
        <translation>时间限制</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Model aliases</source>
        <translation>模型别名</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profile</translation>
    </message>
    <message>
        <source>AWS service</source>
        <translation>AWS 服务</translation>
    </message>
    <message>
        <source>Workspace ID</source>
        <translation>工作区 ID</translation>
    </message>
    <message>
        <source>Access key ID</source>
        <translation>访问密钥 ID</translation>
    </message>
    <message>
        <source>Secret access key</source>
        <translation>私有访问密钥</translation>
    </message>
    <message>
        <source>Session token</source>
        <translation>会话令牌</translation>
    </message>
    <message>
        <source>Bedrock API key</source>
        <translation>Bedrock API 密钥</translation>
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
