using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace TrafficDispatch.Architecture.Tests;

/// <summary>Finds every type that a type's members, signatures and method bodies name.</summary>
internal sealed class TypeUses(PEReader pe, MetadataReader metadata) : ISignatureTypeProvider<ImmutableHashSet<string>, object?>
{
    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(static f => f.GetValue(null)).OfType<OpCode>().ToDictionary(static o => o.Value & 0xFFFF);

    public string NamespaceOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil) type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return metadata.GetString(type.Namespace);
    }

    public ImmutableHashSet<string> NamespacesUsedBy(TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        ImmutableHashSet<string>.Builder found = ImmutableHashSet.CreateBuilder<string>();
        found.UnionWith(Of(type.BaseType));
        foreach (InterfaceImplementationHandle i in type.GetInterfaceImplementations()) found.UnionWith(Of(metadata.GetInterfaceImplementation(i).Interface));
        foreach (FieldDefinitionHandle f in type.GetFields()) found.UnionWith(metadata.GetFieldDefinition(f).DecodeSignature(this, null));
        foreach (MethodDefinitionHandle m in type.GetMethods()) AddMethod(metadata.GetMethodDefinition(m), found);
        found.Remove("");
        return found.ToImmutable();
    }

    private void AddMethod(MethodDefinition method, ImmutableHashSet<string>.Builder found)
    {
        found.UnionWith(Of(method.DecodeSignature(this, null)));
        if (method.RelativeVirtualAddress == 0) return;
        MethodBodyBlock body = pe.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            foreach (ImmutableHashSet<string> local in metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null)) found.UnionWith(local);
        foreach (EntityHandle token in Tokens(body.GetILReader())) found.UnionWith(Of(token));
    }

    private static List<EntityHandle> Tokens(BlobReader il)
    {
        List<EntityHandle> tokens = [];
        while (il.RemainingBytes > 0)
        {
            int value = il.ReadByte();
            if (value == 0xFE) value = 0xFE00 | il.ReadByte();
            switch (OpCodesByValue[value].OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    tokens.Add((EntityHandle)MetadataTokens.Handle(il.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    int targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                case OperandType type:
                    il.Offset += SizeOf(type);
                    break;
            }
        }
        return tokens;
    }

    private static int SizeOf(OperandType type) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private ImmutableHashSet<string> Of(EntityHandle handle) => handle.IsNil ? [] : handle.Kind switch
    {
        HandleKind.TypeDefinition => [NamespaceOf((TypeDefinitionHandle)handle)],
        HandleKind.TypeReference => GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0),
        HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
        HandleKind.MethodDefinition => [NamespaceOf(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType())],
        HandleKind.FieldDefinition => [NamespaceOf(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType())],
        HandleKind.MemberReference => OfMember(metadata.GetMemberReference((MemberReferenceHandle)handle)),
        HandleKind.MethodSpecification => OfGeneric(metadata.GetMethodSpecification((MethodSpecificationHandle)handle)),
        _ => [],
    };

    private ImmutableHashSet<string> OfMember(MemberReference member) => member.GetKind() == MemberReferenceKind.Method
        ? Of(member.Parent).Union(Of(member.DecodeMethodSignature(this, null)))
        : Of(member.Parent).Union(member.DecodeFieldSignature(this, null));

    private ImmutableHashSet<string> OfGeneric(MethodSpecification method) =>
        Of(method.Method).Union(method.DecodeSignature(this, null).SelectMany(static t => t));

    private static ImmutableHashSet<string> Of(MethodSignature<ImmutableHashSet<string>> signature) =>
        signature.ReturnType.Union(signature.ParameterTypes.SelectMany(static t => t));

    public ImmutableHashSet<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [NamespaceOf(handle)];

    public ImmutableHashSet<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = reader.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference) type = reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        return [reader.GetString(type.Namespace)];
    }

    public ImmutableHashSet<string> GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public ImmutableHashSet<string> GetSZArrayType(ImmutableHashSet<string> elementType) => elementType;

    public ImmutableHashSet<string> GetArrayType(ImmutableHashSet<string> elementType, ArrayShape shape) => elementType;

    public ImmutableHashSet<string> GetByReferenceType(ImmutableHashSet<string> elementType) => elementType;

    public ImmutableHashSet<string> GetPointerType(ImmutableHashSet<string> elementType) => elementType;

    public ImmutableHashSet<string> GetPinnedType(ImmutableHashSet<string> elementType) => elementType;

    public ImmutableHashSet<string> GetGenericInstantiation(ImmutableHashSet<string> genericType, ImmutableArray<ImmutableHashSet<string>> typeArguments) =>
        genericType.Union(typeArguments.SelectMany(static t => t));

    public ImmutableHashSet<string> GetModifiedType(ImmutableHashSet<string> modifier, ImmutableHashSet<string> unmodifiedType, bool isRequired) => unmodifiedType;

    public ImmutableHashSet<string> GetFunctionPointerType(MethodSignature<ImmutableHashSet<string>> signature) => Of(signature);

    public ImmutableHashSet<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

    public ImmutableHashSet<string> GetGenericTypeParameter(object? genericContext, int index) => [];

    public ImmutableHashSet<string> GetGenericMethodParameter(object? genericContext, int index) => [];
}
