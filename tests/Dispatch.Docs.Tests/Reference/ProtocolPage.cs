using System.Globalization;
using System.Text;
using Google.Protobuf.Reflection;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Overload;
using Label = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using ProtoType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace TrafficDispatch.Docs.Tests.Reference;

/// <summary>Writes <c>docs/reference/protos.md</c> from the descriptors of the .proto files, with the comments in them and the tables of who may call and what is shed.</summary>
internal sealed class ProtocolPage
{
    private const int ServiceField = 6, MessageField = 4, EnumField = 5, MethodField = 2, MemberField = 2, NestedField = 3;

    private readonly StringBuilder _page = new();
    private readonly HashSet<string> _messages;
    private readonly IReadOnlyList<FileDescriptorProto> _files;
    private FileDescriptorProto _file = new();
    private Dictionary<string, string> _comments = [];

    private ProtocolPage(IReadOnlyList<FileDescriptorProto> files)
    {
        _files = files;
        _messages = [.. files.SelectMany(static f => f.MessageType.Select(m => $".{f.Package}.{m.Name}").Concat(f.EnumType.Select(e => $".{f.Package}.{e.Name}")))];
    }

    /// <summary>Renders the page.</summary>
    /// <param name="set">All files with what stands beside their source, as protoc writes them.</param>
    public static string Render(FileDescriptorSet set) => new ProtocolPage(
        [.. set.File.Where(static f => !f.Package.StartsWith("google.", StringComparison.Ordinal)).OrderBy(static f => f.Package != "dispatch.v1")]).Write();

    private string Write()
    {
        _page.Append(
            """
            # Protocol

            Every service, call, message and field of the [`.proto` files](../../src/Dispatch.Protocol/proto), made from them by a test. Field numbers never change once landed; fields and
            values are added at the end. Texts are UTF-8, times without another word are UTC.

            *Roles* are what a caller needs ([security](../security.md)); *shed* says who goes first when there is too much ([overload](../overload.md#who-goes-first)): vital calls never, usual
            ones by the share, bulk as soon as any.


            """);
        _page.Append("| call | from | to | roles | shed |\n| --- | --- | --- | --- | --- |\n");
        foreach (FileDescriptorProto file in _files)
            foreach (ServiceDescriptorProto service in file.Service)
                foreach (MethodDescriptorProto method in service.Method) Call(file, service, method);
        foreach (FileDescriptorProto file in _files) File(file);
        return _page.ToString();
    }

    private void Call(FileDescriptorProto file, ServiceDescriptorProto service, MethodDescriptorProto method)
    {
        string name = $"{file.Package}.{service.Name}/{method.Name}";
        RpcRule rule = RpcRules.All[name];
        string roles = rule.AnyOf == Roles.None ? "–" : RoleNames.Of(rule.AnyOf).Replace(",", ", ", StringComparison.Ordinal) + (rule.OffLoopbackOnly ? ", from other machines" : "");
        string shed = file.Package == "dispatch.v1" && service.Name == "Admin" ? "never (Admin endpoint)" : CallClasses.Of(name).ToString().ToLowerInvariant();
        _page.Append(CultureInfo.InvariantCulture,
            $"| [`{name}`](#{Anchor(file.Package, service.Name)}) | {Streamed(method.ClientStreaming)}{Linked(method.InputType)} | {Streamed(method.ServerStreaming)}{Linked(method.OutputType)} | {roles} | {shed} |\n");
    }

    private void File(FileDescriptorProto file)
    {
        _file = file;
        _comments = file.SourceCodeInfo.Location.Where(static l => l.HasLeadingComments).ToDictionary(static l => string.Join('.', l.Path), static l => l.LeadingComments, StringComparer.Ordinal);
        for (int i = 0; i < file.Service.Count; i++) Service(file.Service[i], $"{ServiceField}.{i}");
        for (int i = 0; i < file.MessageType.Count; i++) Message(file.Package, file.MessageType[i], $"{MessageField}.{i}");
        for (int i = 0; i < file.EnumType.Count; i++) Enum(file.EnumType[i], $"{EnumField}.{i}");
    }

    private void Service(ServiceDescriptorProto service, string path)
    {
        _page.Append(CultureInfo.InvariantCulture, $"\n## {_file.Package}.{service.Name}\n\n{Paragraph(path)}");
        for (int i = 0; i < service.Method.Count; i++)
        {
            MethodDescriptorProto method = service.Method[i];
            _page.Append(CultureInfo.InvariantCulture,
                $"- **{method.Name}** ({Streamed(method.ClientStreaming)}{Linked(method.InputType)}) → {Streamed(method.ServerStreaming)}{Linked(method.OutputType)}{After(": ", Words($"{path}.{MethodField}.{i}"))}\n");
        }
    }

    private void Message(string scope, DescriptorProto message, string path)
    {
        // Map entries are a matter of the wire.
        if (message.Options?.MapEntry == true) return;
        _page.Append(CultureInfo.InvariantCulture, $"\n### {scope}.{message.Name}\n\n{Paragraph(path)}");
        if (message.Field.Count == 0) _page.Append("No fields.\n");
        else _page.Append("| no. | field | type | |\n| ---: | --- | --- | --- |\n");
        for (int i = 0; i < message.Field.Count; i++)
        {
            FieldDescriptorProto field = message.Field[i];
            string one = field.HasOneofIndex && !field.Proto3Optional ? $"one of `{message.OneofDecl[field.OneofIndex].Name}`. " : "";
            _page.Append(CultureInfo.InvariantCulture, $"| {field.Number} | `{field.Name}` | {Kind(message, field)} | {one}{Cell(Words($"{path}.{MemberField}.{i}"))} |\n");
        }
        for (int i = 0; i < message.NestedType.Count; i++) Message($"{scope}.{message.Name}", message.NestedType[i], $"{path}.{NestedField}.{i}");
    }

    private void Enum(EnumDescriptorProto type, string path)
    {
        _page.Append(CultureInfo.InvariantCulture, $"\n### {_file.Package}.{type.Name}\n\n{Paragraph(path)}| no. | value | |\n| ---: | --- | --- |\n");
        for (int i = 0; i < type.Value.Count; i++)
            _page.Append(CultureInfo.InvariantCulture, $"| {type.Value[i].Number} | `{type.Value[i].Name}` | {Cell(Words($"{path}.{MemberField}.{i}"))} |\n");
    }

    private string Kind(DescriptorProto message, FieldDescriptorProto field)
    {
        DescriptorProto? entry = message.NestedType.FirstOrDefault(n => n.Options?.MapEntry == true && field.TypeName.EndsWith($".{message.Name}.{n.Name}", StringComparison.Ordinal));
        if (entry is not null) return $"map of {Kind(entry, entry.Field[0])} to {Kind(entry, entry.Field[1])}";
        string kind = field.Type is ProtoType.Message or ProtoType.Enum ? Linked(field.TypeName) : field.Type.ToString().ToLowerInvariant();
        return field.Label == Label.Repeated ? $"repeated {kind}" : field.Proto3Optional ? $"optional {kind}" : kind;
    }

    private string Linked(string type)
    {
        string name = type[(type.LastIndexOf('.') + 1)..];
        return _messages.Contains(type) ? $"[{name}](#{Anchor(type[1..type.LastIndexOf('.')], name)})" : $"`{type.TrimStart('.')}`";
    }

    private static string Anchor(string package, string name) => $"{package}{name}".Replace(".", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string Streamed(bool streamed) => streamed ? "stream of " : "";

    private string Paragraph(string path) => After("", Words(path)) is { Length: > 0 } words ? words + "\n\n" : "";

    private static string After(string before, string words) => words.Length == 0 ? "" : before + words;

    /// <summary>The comment before something, in one line.</summary>
    private string Words(string path) =>
        string.Join(' ', _comments.GetValueOrDefault(path, "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Replace("<", "&lt;", StringComparison.Ordinal);

    private static string Cell(string words) => words.Replace("|", "\\|", StringComparison.Ordinal);
}
