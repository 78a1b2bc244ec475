using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace TrafficDispatch.Architecture.Tests;

/// <summary>Who uses whom in a built assembly: from each namespace to every namespace and assembly that its code names.</summary>
public sealed class AssemblyGraph
{
    private AssemblyGraph(ImmutableHashSet<string> assemblies, ImmutableHashSet<(string From, string To)> namespaces, ImmutableHashSet<string> declared)
    {
        ReferencedAssemblies = assemblies;
        NamespaceArrows = namespaces;
        DeclaredNamespaces = declared;
    }

    /// <summary>Assemblies that the assembly is linked against.</summary>
    public ImmutableHashSet<string> ReferencedAssemblies { get; }

    /// <summary>Pairs of namespaces where code of the first names a type of the second, in this or any other assembly.</summary>
    public ImmutableHashSet<(string From, string To)> NamespaceArrows { get; }

    /// <summary>Namespaces with types of their own, compiler-made ones left out.</summary>
    public ImmutableHashSet<string> DeclaredNamespaces { get; }

    /// <summary>Reads the assembly that a type lives in.</summary>
    public static AssemblyGraph Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        using PEReader pe = new(file);
        MetadataReader metadata = pe.GetMetadataReader();
        TypeUses uses = new(pe, metadata);
        HashSet<(string, string)> arrows = [];
        HashSet<string> declared = [];
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            string from = uses.NamespaceOf(handle);
            if (from.Length == 0 || from.StartsWith("System", StringComparison.Ordinal) || from.StartsWith("Microsoft", StringComparison.Ordinal)) continue;
            declared.Add(from);
            foreach (string to in uses.NamespacesUsedBy(handle)) arrows.Add((from, to));
        }
        IEnumerable<string> assemblies = metadata.AssemblyReferences.Select(a => metadata.GetString(metadata.GetAssemblyReference(a).Name));
        return new([.. assemblies], [.. arrows], [.. declared]);
    }
}
