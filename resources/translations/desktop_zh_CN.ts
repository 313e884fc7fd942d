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
        <source>Keeps all your ways to reach Claude in the system keyring, and gives your tools a single address.</source>
        <translation>把您访问 Claude 的所有方式保存在系统密钥环中，所有工具只需一个地址。</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Licenses</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>ProxyCast is free software under the MIT license. It builds on the work of others:</source>
        <translation>ProxyCast 是采用 MIT 许可证的自由软件，并使用了以下项目：</translation>
    </message>
    <message>
        <source>Copy version info</source>
        <translation>复制版本信息</translation>
    </message>
    <message>
        <source>Version info copied</source>
        <translation>已复制版本信息</translation>
    </message>
</context>
<context>
    <name>ActivityPage</name>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Time range of the charts</source>
        <translation>图表的时间范围</translation>
    </message>
    <message>
        <source>Start the proxy</source>
        <translation>启动代理</translation>
    </message>
    <message>
        <source>Connect a client</source>
        <translation>接入客户端</translation>
    </message>
    <message>
        <source>No requests yet</source>
        <translation>还没有请求</translation>
    </message>
    <message>
        <source>Only figures are kept, on this machine and for 90 days. Never a prompt, an answer or a key.</source>
        <translation>只在本机保存 90 天的统计数据，绝不保存提示词、回答或密钥。</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>No request matches the filters.</source>
        <translation>没有符合筛选条件的请求。</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Past requests cannot be shown</source>
        <translation>无法显示过去的请求</translation>
    </message>
    <message>
        <source>Point a client to {address}, and its requests are listed here.</source>
        <translation>让客户端连接 {address}，请求就会显示在这里。</translation>
    </message>
    <message>
        <source>The proxy is stopped. Start it, then point a client to {address}.</source>
        <translation>代理已停止。请启动代理，再让客户端连接 {address}。</translation>
    </message>
    <message>
        <source>Export the listed requests</source>
        <translation>导出列出的请求</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV 文件 (*.csv)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>{file} cannot be written: {reason}.</source>
        <translation>无法写入 {file}：{reason}。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln request(s) exported</source>
        <translation>
            <numerusform>已导出 %Ln 个请求</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ActivityTop</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Save the listed requests as a CSV file</source>
        <translation>把列出的内容写入 CSV 文件</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>请求记录</translation>
    </message>
    <message numerus="yes">
        <source>Resume (%Ln new)</source>
        <translation>
            <numerusform>继续（%Ln 个新请求）</numerusform>
        </translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Show new requests as they finish</source>
        <translation>请求结束后随即显示</translation>
    </message>
    <message>
        <source>Keep the list still; nothing is lost</source>
        <translation>让列表停住，不会丢失任何请求</translation>
    </message>
</context>
<context>
    <name>ActivityWords</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Credential</source>
        <translation>凭证</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>First byte</source>
        <translation>首字节</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>耗时</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>h:mm:ss AP</source>
        <comment>a time of today</comment>
        <translation>HH:mm:ss</translation>
    </message>
    <message>
        <source>MMM d, h:mm AP</source>
        <comment>a time of another day</comment>
        <translation>M月d日 HH:mm</translation>
    </message>
    <message>
        <source>MMM d, yyyy, h:mm:ss AP</source>
        <comment>a time in full</comment>
        <translation>yyyy年M月d日 HH:mm:ss</translation>
    </message>
    <message>
        <source>Canceled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>{sent} → {received}</source>
        <comment>tokens</comment>
        <translation>{sent} → {received}</translation>
    </message>
    <message>
        <source>No credential</source>
        <translation>无凭证</translation>
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
        <source>Same as in the settings</source>
        <translation>与设置相同</translation>
    </message>
    <message>
        <source>System proxy</source>
        <translation>系统代理</translation>
    </message>
    <message>
        <source>No proxy</source>
        <translation>不使用，直接连接</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>其他代理</translation>
    </message>
    <message>
        <source>Proxy address</source>
        <translation>代理地址</translation>
    </message>
    <message>
        <source>The system&apos;s certificates</source>
        <translation>系统证书</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Allow http:// to a machine on my own network</source>
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
        <source>Requested model</source>
        <translation>请求的模型</translation>
    </message>
    <message>
        <source>Model to send</source>
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
        <source>For requests that specify none.</source>
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
        <source>Until the first byte</source>
        <translation>直到收到首字节</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>Longest pause in an answer</source>
        <translation>回答中最长的停顿</translation>
    </message>
    <message>
        <source>Proxy for this service</source>
        <translation>连接此服务所用的代理</translation>
    </message>
    <message>
        <source>Trusted certificates</source>
        <translation>受信任的证书文件</translation>
    </message>
    <message>
        <source>Headers added to every request</source>
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
        <source>A name you will recognize</source>
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
        <source>The region&apos;s AWS endpoint</source>
        <translation>该区域的 AWS 官方端点</translation>
    </message>
    <message>
        <source>Saved as {url}. This is not Anthropic&apos;s address, so the credential counts as a compatible service.</source>
        <translation>将保存为 {url}：这不是 Anthropic 的地址，将作为兼容服务保存。</translation>
    </message>
    <message>
        <source>Saved as {url}</source>
        <translation>将保存为 {url}</translation>
    </message>
    <message>
        <source>The base URL has changed: when you save, the stored key may be sent to {host}.</source>
        <translation>Base URL 已更改：保存后，已存的密钥可以发送到 {host}。</translation>
    </message>
    <message>
        <source>This looks like ProxyCast&apos;s own client token, which no service accepts.</source>
        <translation>这看起来是 ProxyCast 自己的客户端令牌，任何服务都不接受它。</translation>
    </message>
    <message>
        <source>This looks like a key of {vendor}; Anthropic will not accept it.</source>
        <translation>这看起来是 {vendor} 的密钥；Anthropic 不会接受它。</translation>
    </message>
    <message>
        <source>This looks like a key of {vendor}, but it would be sent to another service.</source>
        <translation>这看起来是 {vendor} 的密钥，却会被发送到另一个服务。</translation>
    </message>
</context>
<context>
    <name>BedrockSection</name>
    <message>
        <source>IAM role or default AWS chain</source>
        <translation>IAM 角色或 AWS 默认凭证链</translation>
    </message>
    <message>
        <source>Profile in my AWS files</source>
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
        <source>Leave empty for the region of the profile.</source>
        <translation>留空则使用 profile 或环境变量中的区域。</translation>
    </message>
    <message>
        <source>Leave empty to keep each request&apos;s model.</source>
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
    <name>Bridge</name>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Keep keys encrypted…</source>
        <translation>加密保存密钥…</translation>
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
        <source>Copy dedicated address</source>
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
    <message>
        <source>Check details…</source>
        <translation>检测详情…</translation>
    </message>
</context>
<context>
    <name>ChangePassphraseDialog</name>
    <message>
        <source>Change the passphrase</source>
        <translation>更改口令</translation>
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
        <source>Current passphrase</source>
        <translation>当前口令</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>The vault is encrypted again. Older copies of the file keep the old passphrase.</source>
        <translation>保险库将全部重新加密，旧副本仍使用旧口令。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ChartWords</name>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>First byte</source>
        <translation>首字节</translation>
    </message>
    <message>
        <source>median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>h AP</source>
        <comment>an hour of the clock</comment>
        <translation>HH:00</translation>
    </message>
    <message>
        <source>MMM d</source>
        <comment>a day of the year</comment>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>{day}, {hours}</source>
        <translation>{day} {hours}</translation>
    </message>
    <message>
        <source>{name}: {count}</source>
        <translation>{name}：{count}</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>half up to {typical}, 95% up to {slow}</source>
        <translation>一半不超过 {typical}，95% 不超过 {slow}</translation>
    </message>
</context>
<context>
    <name>CheckDialog</name>
    <message>
        <source>A low-cost model of the service</source>
        <translation>默认选用该服务较便宜的模型</translation>
    </message>
    <message>
        <source>Model to check with</source>
        <translation>检测所用模型</translation>
    </message>
    <message>
        <source>Check of {name}</source>
        <translation>检测 {name}</translation>
    </message>
    <message>
        <source>Stop checking</source>
        <translation>停止检测</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>重新检测</translation>
    </message>
    <message>
        <source>{name} was changed</source>
        <translation>已更改 {name}</translation>
    </message>
    <message>
        <source>Connection check</source>
        <translation>连接检测</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>CheckView</name>
    <message>
        <source>Copy the report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Hide the result</source>
        <translation>隐藏结果</translation>
    </message>
    <message>
        <source>The check is running</source>
        <translation>正在检测</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Copy the IAM policy</source>
        <translation>复制 IAM 策略</translation>
    </message>
    <message>
        <source>Checking {name}…</source>
        <translation>正在检测 {name}…</translation>
    </message>
    <message>
        <source>The check was canceled.</source>
        <translation>检测已取消。</translation>
    </message>
    <message>
        <source>Report copied</source>
        <translation>已复制报告</translation>
    </message>
    <message>
        <source>Policy copied</source>
        <translation>已复制策略</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Trying again in {seconds} s – cancel</source>
        <translation>{seconds} 秒后重试，点击取消</translation>
    </message>
    <message>
        <source>Wait {seconds} s and try again</source>
        <translation>等待 {seconds} 秒后重试</translation>
    </message>
</context>
<context>
    <name>Choosing</name>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation>试用演示</translation>
    </message>
    <message>
        <source>This is the current credential. It answers your clients&apos; requests.</source>
        <translation>它是当前凭证：客户端的请求都由它回答。</translation>
    </message>
    <message>
        <source>I have a key or an AWS account</source>
        <translation>我有密钥或 AWS 账户</translation>
    </message>
    <message>
        <source>An Anthropic API key, the key of a compatible service such as DeepSeek, Kimi or GLM, or AWS Bedrock. It is kept in your system&apos;s keyring, never in a file.</source>
        <translation>Anthropic API Key，DeepSeek、Kimi、GLM 等兼容服务的密钥，或者 AWS Bedrock。密钥保存在系统密钥环中，绝不写入文件。</translation>
    </message>
    <message>
        <source>Just looking around</source>
        <translation>先看看再说</translation>
    </message>
    <message>
        <source>The demo needs no key and no network. Its requests go through the real proxy, and it is gone when you quit.</source>
        <translation>演示无需密钥，也不联网；请求走的是真实的代理通路，退出后演示即消失。</translation>
    </message>
    <message>
        <source>ProxyCast keeps all your ways to reach Claude in one place and gives your tools a single address. How would you like to start? You can change everything later.</source>
        <translation>ProxyCast 统一保管您访问 Claude 的各种方式，为所有工具提供同一个地址。选择一种方式开始，之后都能更改。</translation>
    </message>
    <message>
        <source>Keep using {name}</source>
        <translation>继续使用 {name}</translation>
    </message>
</context>
<context>
    <name>Clients</name>
    <message>
        <source>Others</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Or, for programs started from a terminal</source>
        <translation>或者，用于从终端启动的程序</translation>
    </message>
    <message>
        <source>In the terminal</source>
        <translation>在终端中</translation>
    </message>
    <message>
        <source>In the program you start from there</source>
        <translation>在从该终端启动的程序中</translation>
    </message>
    <message>
        <source>For every new terminal, add this line to {file}</source>
        <translation>让每个新终端都生效：把这一行加入 {file}</translation>
    </message>
    <message>
        <source>Base URL</source>
        <translation>Base URL</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API Key</translation>
    </message>
    <message>
        <source>Paste these lines into your terminal. The last one starts Claude Code.</source>
        <translation>粘贴到您工作的终端中，最后一行会启动 Claude Code。</translation>
    </message>
    <message>
        <source>The SDK reads the address and the token from the environment of the terminal.</source>
        <translation>SDK 会从终端的环境变量中读取地址与令牌。</translation>
    </message>
    <message>
        <source>One request; the answer streams into the terminal.</source>
        <translation>发送一个请求，回答会流式显示在终端中。</translation>
    </message>
    <message>
        <source>For editors and chat apps that let you set the Anthropic API address. Some want it to end in /v1.</source>
        <translation>用于可以设置 Anthropic API 地址的编辑器与聊天程序。有些程序要求地址以 /v1 结尾。</translation>
    </message>
</context>
<context>
    <name>ClientsPage</name>
    <message>
        <source>First steps…</source>
        <translation>新手引导…</translation>
    </message>
    <message>
        <source>Point each client here once. From then on, you switch credentials in ProxyCast.</source>
        <translation>客户端只需在这里接入一次，之后由哪个凭证回答，都在 ProxyCast 中切换。</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>接入</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
    <message>
        <source>Sends one real message through the proxy, as a client would. The service bills it like any other.</source>
        <translation>像客户端一样，经代理发送一条真实的消息；服务会照常计费。</translation>
    </message>
</context>
<context>
    <name>Clipboard</name>
    <message numerus="yes">
        <source>The clipboard is cleared after %n second(s).</source>
        <translation>
            <numerusform>剪贴板将在 %n 秒后清空。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Show the client token</source>
        <translation>显示客户端令牌</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy: {what}</source>
        <translation>复制：{what}</translation>
    </message>
    <message>
        <source>Hide the client token</source>
        <translation>隐藏客户端令牌</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Something went wrong</source>
        <translation>出现了问题</translation>
    </message>
    <message>
        <source>ProxyCast ran into an error and keeps running. If something no longer works, restart it. This report helps to fix the error. Keys and the name of your folder are removed from it; read it before you share it.</source>
        <translation>这是 ProxyCast 自身的错误，程序仍在继续运行。如果影响使用，请重新启动。这份报告有助于修复问题：其中已去除密钥和您的文件夹名称。转交之前请先阅读。</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Copy the report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Open the log folder</source>
        <translation>打开日志文件夹</translation>
    </message>
    <message>
        <source>Report copied</source>
        <translation>已复制报告</translation>
    </message>
</context>
<context>
    <name>CrashReports</name>
    <message>
        <source>Something went wrong in ProxyCast. Open the window for details.</source>
        <translation>ProxyCast 出现了问题。打开窗口可查看详情。</translation>
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
        <source>Check connection</source>
        <translation>检测连接</translation>
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
        <source>The stored key is not sent to a different address. Enter the key again, or save first.</source>
        <translation>已存的密钥不会发送到另一个地址。请重新输入密钥，或先保存。</translation>
    </message>
    <message>
        <source>Stop checking</source>
        <translation>停止检测</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Discard what you entered?</source>
        <translation>放弃已填写的内容？</translation>
    </message>
    <message>
        <source>It has not been saved.</source>
        <translation>内容尚未保存。</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>There is no credential in the clipboard that fits here.</source>
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
    <name>Details</name>
    <message>
        <source>Details of the request</source>
        <translation>请求详情</translation>
    </message>
    <message>
        <source>Close the details</source>
        <translation>关闭详情</translation>
    </message>
    <message>
        <source>The service&apos;s own message is not stored, because it may quote your prompt.</source>
        <translation>服务返回的原文可能引用您的提示词，因此不保存。</translation>
    </message>
    <message>
        <source>Check the credential</source>
        <translation>检测凭证</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the details</source>
        <translation>复制详情</translation>
    </message>
    <message>
        <source>Canceled by the client</source>
        <translation>客户端已取消</translation>
    </message>
    <message>
        <source>Answered (HTTP {status})</source>
        <translation>已回答（HTTP {status}）</translation>
    </message>
    <message>
        <source>Interrupted: {error}</source>
        <translation>回答中断：{error}</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Credential</source>
        <translation>凭证</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>First byte</source>
        <translation>首字节</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>耗时</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>接收</translation>
    </message>
    <message>
        <source>Tokens in</source>
        <translation>输入 token</translation>
    </message>
    <message>
        <source>Tokens out</source>
        <translation>输出 token</translation>
    </message>
    <message>
        <source>Cache reads</source>
        <translation>读取缓存</translation>
    </message>
    <message>
        <source>Cache writes</source>
        <translation>写入缓存</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>已移除的内容</translation>
    </message>
    <message>
        <source>Details copied</source>
        <translation>详情已复制</translation>
    </message>
    <message>
        <source>All details of the request</source>
        <translation>请求的全部信息</translation>
    </message>
</context>
<context>
    <name>Duration</name>
    <message>
        <source>{number} ms</source>
        <translation>{number} 毫秒</translation>
    </message>
    <message>
        <source>{number} s</source>
        <translation>{number} 秒</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} 分 {seconds} 秒</translation>
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
        <source>A credential is one way to reach Claude: an Anthropic API key, AWS Bedrock or a compatible service. Its key is kept in your system&apos;s keyring.</source>
        <translation>凭证是访问 Claude 的一种方式：Anthropic API Key、AWS Bedrock 或兼容服务。密钥保存在系统密钥环中。</translation>
    </message>
    <message>
        <source>The demo needs no key and no network, and is gone when you quit.</source>
        <translation>演示无需密钥和网络即可应答，退出后自动消失。</translation>
    </message>
    <message>
        <source>No credentials yet</source>
        <translation>还没有凭证</translation>
    </message>
</context>
<context>
    <name>ExchangeTable</name>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
</context>
<context>
    <name>FilesGroup</name>
    <message>
        <source>Log and folders</source>
        <translation>日志与文件夹</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>仅错误</translation>
    </message>
    <message>
        <source>Errors and warnings</source>
        <translation>错误与警告</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Everything (for troubleshooting)</source>
        <translation>全部（用于排查问题）</translation>
    </message>
    <message>
        <source>Never contains keys, requests or answers.</source>
        <translation>其中绝不会包含密钥、请求或回答的内容。</translation>
    </message>
    <message>
        <source>Log level</source>
        <translation>日志级别</translation>
    </message>
</context>
<context>
    <name>FilterRow</name>
    <message>
        <source>Search model, status, error, path</source>
        <translation>搜索模型、状态、错误、路径</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>全部时间</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>最近 1 小时</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Time range</source>
        <translation>时间范围</translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation>仅看错误</translation>
    </message>
    <message>
        <source>All credentials</source>
        <translation>全部凭证</translation>
    </message>
    <message>
        <source>Credential</source>
        <translation>凭证</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>First steps</source>
        <translation>新手引导</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>接入</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Skip setup</source>
        <translation>跳过引导</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Skip the check</source>
        <translation>跳过检测</translation>
    </message>
    <message>
        <source>Every step on the way to the service is checked, so you see exactly where a problem is.</source>
        <translation>逐段检测通往服务的每个环节，哪里有问题一目了然。</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
    <message>
        <source>Welcome to ProxyCast</source>
        <translation>欢迎使用 ProxyCast</translation>
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
    <name>Folders</name>
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
        <source>From {variable} · enter a key to replace it</source>
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
        <source>Kimi, GLM, relays…</source>
        <translation>Kimi、GLM、中转…</translation>
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
    <name>LinesView</name>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Shell</source>
        <translation>Shell</translation>
    </message>
    <message>
        <source>Credential</source>
        <translation>凭证</translation>
    </message>
    <message>
        <source>Current credential</source>
        <translation>跟随当前凭证</translation>
    </message>
    <message>
        <source>Current credential (now {name})</source>
        <translation>跟随当前凭证（现为 {name}）</translation>
    </message>
    <message>
        <source>Always {name}</source>
        <translation>固定使用 {name}</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copied with the client token.</source>
        <translation>已连同客户端令牌一起复制。</translation>
    </message>
</context>
<context>
    <name>LookGroup</name>
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
    <message>
        <source>Reduce motion</source>
        <translation>减弱动态效果</translation>
    </message>
    <message>
        <source>Turns off animations. Always on if the system asks for less motion.</source>
        <translation>关闭动画。系统要求减弱动态效果时始终开启。</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Credentials</source>
        <translation>凭证池</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>接入</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>请求记录</translation>
    </message>
</context>
<context>
    <name>MfaDialog</name>
    <message>
        <source>Sign in to AWS</source>
        <translation>登录 AWS</translation>
    </message>
    <message>
        <source>{name} uses a role that requires a second factor. Enter the code shown on your MFA device.</source>
        <translation>{name} 要使用的角色需要二次验证。请输入 MFA 设备当前显示的验证码。</translation>
    </message>
    <message>
        <source>MFA code</source>
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
    <name>NewPassphrase</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message numerus="yes">
        <source>At least %n characters; several words are best.</source>
        <translation>
            <numerusform>至少 %n 个字符，最好由多个词组成。</numerusform>
        </translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>新口令</translation>
    </message>
    <message>
        <source>Repeat new passphrase</source>
        <translation>再次输入新口令</translation>
    </message>
    <message>
        <source>The passphrases do not match.</source>
        <translation>两次输入不一致。</translation>
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
    <name>Notifications</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Requests are refused: the keys cannot be read. Open ProxyCast to unlock them.</source>
        <translation>无法读取密钥，请求被拒绝。请打开 ProxyCast 解锁。</translation>
    </message>
    <message>
        <source>{name}: the service rejects the key</source>
        <translation>{name}：服务不接受此密钥</translation>
    </message>
    <message>
        <source>{name}: the service forbids this request</source>
        <translation>{name}：服务拒绝了所请求的操作</translation>
    </message>
    <message>
        <source>{name}: the account has no credit left</source>
        <translation>{name}：账户余额不足</translation>
    </message>
    <message>
        <source>{name}: the service&apos;s rate limit keeps being reached</source>
        <translation>{name}：屡次达到服务的速率限制</translation>
    </message>
    <message>
        <source>{name}: the service cannot be reached</source>
        <translation>{name}：无法连接到服务</translation>
    </message>
    <message>
        <source>{name}: the service keeps returning errors</source>
        <translation>{name}：服务屡次返回错误</translation>
    </message>
    <message>
        <source>{name} needs your attention before it can be used</source>
        <translation>{name} 需要处理后才能使用</translation>
    </message>
</context>
<context>
    <name>NotificationsGroup</name>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>The proxy cannot start</source>
        <translation>代理无法启动</translation>
    </message>
    <message>
        <source>For example, if another program uses its port; the notification names it.</source>
        <translation>例如端口被其他程序占用；通知中会指出是哪个程序。</translation>
    </message>
    <message>
        <source>A credential stops working</source>
        <translation>凭证失效</translation>
    </message>
    <message>
        <source>Its key is rejected, or its service fails three times in a row. You are told once.</source>
        <translation>密钥被拒绝，或服务连续失败三次。只提醒一次。</translation>
    </message>
    <message>
        <source>Keys cannot be read</source>
        <translation>无法读取密钥</translation>
    </message>
    <message>
        <source>The keyring or the vault is locked or does not answer, so requests are refused.</source>
        <translation>密钥环或保险库被锁定或无响应，因此请求被拒绝。</translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>Unlock the vault</source>
        <translation>解锁加密保险库</translation>
    </message>
    <message>
        <source>Your keys are in a file encrypted with your passphrase.</source>
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
        <source>Keep it encrypted…</source>
        <translation>加密保存…</translation>
    </message>
    <message>
        <source>No system keyring: the key is not saved, and is gone when you quit.</source>
        <translation>没有系统密钥环：密钥不会保存，退出 ProxyCast 后即丢失。</translation>
    </message>
    <message>
        <source>Kept in a file encrypted with your passphrase.</source>
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
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>{name} was disabled and is now enabled</source>
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
        <source>Key accepted</source>
        <translation>密钥有效</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>可用</translation>
    </message>
    <message>
        <source>Works with warnings</source>
        <translation>需留意</translation>
    </message>
    <message>
        <source>Checking…</source>
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
        <source>{count} use(s)</source>
        <translation>
            <numerusform>使用 {count} 次</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} error(s)</source>
        <translation>
            <numerusform>错误 {count}</numerusform>
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
        <source>If you changed it, confirm it in this card&apos;s menu.</source>
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
    <name>ProxyGroup</name>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Your tools connect to this port. If you change it, change it there too.</source>
        <translation>您的工具使用此端口。在这里修改后，也请在工具中修改。</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>System proxy</source>
        <translation>系统代理</translation>
    </message>
    <message>
        <source>No proxy</source>
        <translation>不使用，直接连接</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>自定义</translation>
    </message>
    <message>
        <source>Proxy address</source>
        <translation>代理地址</translation>
    </message>
    <message>
        <source>Outbound proxy</source>
        <translation>访问上游服务的代理</translation>
    </message>
    <message>
        <source>The proxy ProxyCast connects through. Each credential can have its own.</source>
        <translation>ProxyCast 访问上游服务时经过的代理。每个凭证也可以单独设置。</translation>
    </message>
    <message>
        <source>The password in this address is saved in config.yaml as plain text.</source>
        <translation>此地址中的密码会原样写入 config.yaml。</translation>
    </message>
    <message>
        <source>New connections use this proxy</source>
        <translation>新连接将经由此代理</translation>
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
    <name>Remedies</name>
    <message>
        <source>Stop that program, or choose another port.</source>
        <translation>请停止该程序，或改用其他端口。</translation>
    </message>
    <message>
        <source>Add a credential, or select one.</source>
        <translation>请添加或选择一个凭证。</translation>
    </message>
    <message>
        <source>It may have been removed elsewhere.</source>
        <translation>它可能已在别处被删除。</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>请换一个名称。</translation>
    </message>
    <message>
        <source>Enable it, or select another.</source>
        <translation>请启用它，或选择其他凭证。</translation>
    </message>
    <message>
        <source>Edit the credential and enter its key.</source>
        <translation>请编辑该凭证并输入密钥。</translation>
    </message>
    <message>
        <source>Edit the credential and enter its key again.</source>
        <translation>请编辑该凭证并重新输入密钥。</translation>
    </message>
    <message>
        <source>Start a keyring, such as GNOME Keyring or KWallet, or keep keys in an encrypted file.</source>
        <translation>请启动密钥环（如 GNOME Keyring 或 KWallet），或将密钥保存在加密文件中。</translation>
    </message>
    <message>
        <source>Try again. If that does not help, check the credential.</source>
        <translation>请重试。如果依然如此，请检测该凭证。</translation>
    </message>
    <message>
        <source>Enter its passphrase.</source>
        <translation>请输入口令。</translation>
    </message>
</context>
<context>
    <name>ResetGroup</name>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Reset…</source>
        <translation>重置…</translation>
    </message>
    <message>
        <source>Restores every setting on this page to its default. Credentials and keys stay.</source>
        <translation>本页所有设置恢复为初始值。凭证与密钥不受影响。</translation>
    </message>
    <message>
        <source>Reset all settings</source>
        <translation>重置所有设置</translation>
    </message>
    <message>
        <source>Reset all settings?</source>
        <translation>重置所有设置？</translation>
    </message>
    <message>
        <source>Language, theme, motion, startup, port, proxy, notifications and log return to their defaults. Credentials, keys and the client token stay.</source>
        <translation>语言、主题、动态效果、启动、端口、代理、通知与日志将恢复为初始值。凭证、密钥和客户端令牌保持不变。</translation>
    </message>
    <message>
        <source>All settings are back to their defaults</source>
        <translation>所有设置已恢复为初始值</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Clear the search</source>
        <translation>清空搜索</translation>
    </message>
</context>
<context>
    <name>SecretsGroup</name>
    <message>
        <source>Security</source>
        <translation>安全</translation>
    </message>
    <message>
        <source>Looking…</source>
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
        <source>Renew…</source>
        <translation>更换…</translation>
    </message>
    <message>
        <source>Client token</source>
        <translation>客户端令牌</translation>
    </message>
    <message>
        <source>Your tools use it as the API key for the proxy.</source>
        <translation>您的工具以它作为 API Key 访问代理。</translation>
    </message>
    <message numerus="yes">
        <source>After %n second(s)</source>
        <translation>
            <numerusform>%n 秒后</numerusform>
        </translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>Clipboard histories are also told to skip copied keys and tokens.</source>
        <translation>复制的密钥和令牌还会带有标记，剪贴板历史记录不会保存它们。</translation>
    </message>
    <message>
        <source>Clear the clipboard</source>
        <translation>清空剪贴板</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>不保存</translation>
    </message>
    <message>
        <source>No system keyring: keys are not saved, and are gone when you quit.</source>
        <translation>没有系统密钥环：退出 ProxyCast 后密钥即丢失。</translation>
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
        <source>Client token copied.</source>
        <translation>已复制客户端令牌。</translation>
    </message>
    <message>
        <source>Renew the client token?</source>
        <translation>更换客户端令牌？</translation>
    </message>
    <message>
        <source>Tools that use the old token are refused until you give them the new one.</source>
        <translation>使用旧令牌的工具都会被拒绝，直到您为它换上新令牌。</translation>
    </message>
    <message>
        <source>Renew</source>
        <translation>更换</translation>
    </message>
    <message>
        <source>The client token was renewed</source>
        <translation>客户端令牌已更换</translation>
    </message>
    <message>
        <source>Keep encrypted…</source>
        <translation>加密保存…</translation>
    </message>
    <message>
        <source>Change passphrase…</source>
        <translation>更改口令…</translation>
    </message>
    <message>
        <source>Keys are now kept encrypted</source>
        <translation>密钥从现在起加密保存</translation>
    </message>
    <message>
        <source>The vault has a new passphrase</source>
        <translation>保险库的口令已更改</translation>
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
        <source>No known service has this name. Choose “Another service” and enter its base URL.</source>
        <translation>没有这个名称的预设服务。请选择“其他服务”并填写 Base URL。</translation>
    </message>
    <message>
        <source>Another service (enter its base URL)</source>
        <translation>其他服务（填写 Base URL）</translation>
    </message>
    <message>
        <source>Get a key…</source>
        <translation>获取密钥…</translation>
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
    <message>
        <source>Search the settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>No setting contains “{query}”.</source>
        <translation>没有包含“{query}”的设置。</translation>
    </message>
</context>
<context>
    <name>StageList</name>
    <message>
        <source>Steps of the check</source>
        <translation>检测步骤</translation>
    </message>
</context>
<context>
    <name>StartupGroup</name>
    <message>
        <source>Startup</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Open at login</source>
        <translation>登录时自动启动</translation>
    </message>
    <message>
        <source>Starts in the tray without opening the window.</source>
        <translation>仅显示托盘图标，不打开窗口。</translation>
    </message>
    <message>
        <source>Start the proxy when ProxyCast starts</source>
        <translation>启动 ProxyCast 时启动代理</translation>
    </message>
    <message>
        <source>Keep running in the tray when the window is closed</source>
        <translation>关闭窗口后在托盘中继续运行</translation>
    </message>
    <message>
        <source>Without a tray, closing the window quits.</source>
        <translation>没有托盘时，关闭窗口即退出。</translation>
    </message>
    <message>
        <source>This cannot be changed: {reason}</source>
        <translation>无法更改：{reason}</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Starting…</source>
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
    <name>StepRow</name>
    <message>
        <source>Step {number} of {count}: {name}</source>
        <translation>第 {number} 步，共 {count} 步：{name}</translation>
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
        <source>Check the connection</source>
        <translation>检测连接</translation>
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
        <source>First steps…</source>
        <translation>新手引导…</translation>
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
        <source>More in the window…</source>
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
        <source>Model to check with</source>
        <translation>检测所用模型</translation>
    </message>
</context>
<context>
    <name>TryView</name>
    <message>
        <source>Hello! Please introduce yourself.</source>
        <translation>你好！请介绍一下自己。</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>The answer appears here, word by word.</source>
        <translation>回答会在这里逐词显示。</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Sent; waiting for the first word…</source>
        <translation>已发送，正在等待首字…</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>whole answer after {seconds} s</source>
        <translation>全部完成 {seconds} 秒</translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln 个 token</numerusform>
        </translation>
    </message>
    <message>
        <source>first word after {seconds} s</source>
        <translation>首字 {seconds} 秒</translation>
    </message>
    <message>
        <source>The proxy is stopped, so no client can reach it.</source>
        <translation>代理已停止，任何客户端都无法连接。</translation>
    </message>
    <message>
        <source>Start the proxy</source>
        <translation>启动代理</translation>
    </message>
    <message>
        <source>There is no credential to answer yet.</source>
        <translation>还没有可用来回答的凭证。</translation>
    </message>
    <message>
        <source>Add a credential</source>
        <translation>添加凭证</translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation>试用演示</translation>
    </message>
    <message>
        <source>{name} is disabled.</source>
        <translation>{name} 已禁用。</translation>
    </message>
    <message>
        <source>Enable it</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>No credential is selected.</source>
        <translation>没有选中任何凭证。</translation>
    </message>
    <message>
        <source>Use {name}</source>
        <translation>使用 {name}</translation>
    </message>
    <message>
        <source>Check the connection</source>
        <translation>检测连接</translation>
    </message>
</context>
<context>
    <name>VaultDialog</name>
    <message>
        <source>Keep keys encrypted</source>
        <translation>加密保存密钥</translation>
    </message>
    <message>
        <source>Encrypt</source>
        <translation>加密</translation>
    </message>
    <message>
        <source>ProxyCast keeps your keys in a file encrypted with this passphrase, and asks for it at every start. If you forget the passphrase, the keys are lost.</source>
        <translation>ProxyCast 把密钥保存在用此口令加密的文件中，每次启动时询问口令。忘记口令，密钥将无法找回。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
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
        <translation>请填写工作区 ID</translation>
    </message>
    <message>
        <source>A header has no name</source>
        <translation>有请求头缺少名称</translation>
    </message>
    <message>
        <source>A header appears twice</source>
        <translation>有请求头重复</translation>
    </message>
    <message>
        <source>A model alias is incomplete</source>
        <translation>有模型别名不完整</translation>
    </message>
    <message>
        <source>A model alias appears twice</source>
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
    <name>_Row</name>
    <message>
        <source>{stage}: running</source>
        <translation>{stage}：进行中</translation>
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
