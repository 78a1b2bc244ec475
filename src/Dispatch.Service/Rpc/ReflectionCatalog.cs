using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace TrafficDispatch.Service.Rpc;

/// <summary>The services of a server and every .proto file they need, by name and by declared symbol. Immutable, thread-safe.</summary>
public sealed class ReflectionCatalog
{
    private readonly Dictionary<string, FileDescriptor> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _bySymbol = new(StringComparer.Ordinal);
    private readonly HashSet<string> _messages = new(StringComparer.Ordinal);

    /// <summary>Collects the files of these services and what they import. O(declared symbols).</summary>
    public ReflectionCatalog(IEnumerable<ServiceDescriptor> services)
    {
        ServiceDescriptor[] all = [.. services.DistinctBy(s => s.FullName, StringComparer.Ordinal).OrderBy(s => s.FullName, StringComparer.Ordinal)];
        Services = [.. all.Select(s => s.FullName)];
        foreach (ServiceDescriptor service in all)
            AddFile(service.File);
    }

    /// <summary>Full names of the services, in ordinal order.</summary>
    public IReadOnlyList<string> Services { get; }

    /// <summary>The catalog of the gRPC services mapped to these endpoints.</summary>
    public static ReflectionCatalog Of(EndpointDataSource endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        // What another endpoint answers cannot be called here.
        return new ReflectionCatalog(endpoints.Endpoints
            .Where(static e => !ReferenceEquals(e.Metadata.GetMetadata<Plane>(), Plane.Admin))
            .Select(e => e.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
            .OfType<Type>()
            .Distinct()
            .Select(DescriptorOf)
            .OfType<ServiceDescriptor>());
    }

    /// <summary>The file of this name and then all it imports, serialized; null for an unknown name.</summary>
    public IReadOnlyList<ByteString>? FilesByName(string fileName) =>
        _byName.TryGetValue(fileName, out FileDescriptor? file) ? WithImports(file) : null;

    /// <summary>The file that declares this full name and then all it imports, serialized; null for an unknown symbol.</summary>
    public IReadOnlyList<ByteString>? FilesBySymbol(string symbol) =>
        _bySymbol.TryGetValue(symbol.TrimStart('.'), out FileDescriptor? file) ? WithImports(file) : null;

    /// <summary>Whether this full name is a message type.</summary>
    public bool IsMessage(string fullName) => _messages.Contains(fullName.TrimStart('.'));

    // Generated service containers carry their descriptor in a static property.
    private static ServiceDescriptor? DescriptorOf(Type service) =>
        service.GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)?.BindType
            .GetProperty("Descriptor", BindingFlags.Static | BindingFlags.Public)?.GetValue(null) as ServiceDescriptor;

    private static List<ByteString> WithImports(FileDescriptor file)
    {
        var files = new List<ByteString>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Visit(file);
        return files;

        void Visit(FileDescriptor next)
        {
            if (!seen.Add(next.Name))
                return;
            files.Add(next.SerializedData);
            foreach (FileDescriptor import in next.Dependencies)
                Visit(import);
        }
    }

    private void AddFile(FileDescriptor file)
    {
        if (!_byName.TryAdd(file.Name, file))
            return;
        foreach (ServiceDescriptor service in file.Services)
        {
            _bySymbol[service.FullName] = file;
            foreach (MethodDescriptor method in service.Methods)
                _bySymbol[method.FullName] = file;
        }

        AddEnums(file.EnumTypes, file);
        foreach (MessageDescriptor message in file.MessageTypes)
            AddMessage(message, file);
        foreach (FileDescriptor import in file.Dependencies)
            AddFile(import);
    }

    private void AddMessage(MessageDescriptor message, FileDescriptor file)
    {
        _messages.Add(message.FullName);
        _bySymbol[message.FullName] = file;
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
            _bySymbol[field.FullName] = file;
        foreach (OneofDescriptor oneof in message.Oneofs)
            _bySymbol[oneof.FullName] = file;
        AddEnums(message.EnumTypes, file);
        foreach (MessageDescriptor nested in message.NestedTypes)
            AddMessage(nested, file);
    }

    private void AddEnums(IEnumerable<EnumDescriptor> enums, FileDescriptor file)
    {
        foreach (EnumDescriptor type in enums)
        {
            _bySymbol[type.FullName] = file;
            // A value's name stands beside its enum, not below it, as in C++.
            string scope = type.FullName[..^type.Name.Length];
            foreach (EnumValueDescriptor value in type.Values)
                _bySymbol[scope + value.Name] = file;
        }
    }
}
