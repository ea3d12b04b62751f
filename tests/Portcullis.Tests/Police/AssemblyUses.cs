using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Portcullis.Tests.Police;

/// <summary>
/// What an assembly uses, read from its metadata (ECMA-335): base types, signatures, attributes, local variables and every
/// token in the methods' code. Source text could hide a use behind an alias or a "var"; metadata can't. The one exception
/// are constants, which the compiler copies.
/// </summary>
internal sealed class AssemblyUses
{
    private readonly HashSet<Use> _uses = [];
    private readonly MetadataReader _reader;
    private readonly TypeNames _names;
    private string _from = "";
    private string _fromNamespace = "";

    private AssemblyUses(PEReader image)
    {
        _reader = image.GetMetadataReader();
        _names = new TypeNames(this);
        References = [.. _reader.AssemblyReferences.Select(handle => _reader.GetString(_reader.GetAssemblyReference(handle).Name))];
        foreach (TypeDefinitionHandle handle in _reader.TypeDefinitions)
        {
            ReadType(image, handle);
        }
    }

    /// <summary>All uses, each once.</summary>
    internal IReadOnlyCollection<Use> All => _uses;

    /// <summary>The names of the assemblies it refers to.</summary>
    internal ImmutableArray<string> References { get; }

    /// <summary>The public types that are not nested, by full name.</summary>
    internal SortedSet<string> PublicTypes { get; } = new(StringComparer.Ordinal);

    /// <summary>The methods that are implemented in a native library.</summary>
    internal SortedSet<string> NativeMethods { get; } = new(StringComparer.Ordinal);

    internal static AssemblyUses Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using PEReader image = new(file);
        return new AssemblyUses(image);
    }

    internal void Mention(string name, string nameSpace, string? member = null) =>
        _uses.Add(new Use(_from, _fromNamespace, name, nameSpace, member));

    private void ReadType(PEReader image, TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        TypeDefinition outermost = type;
        while (!outermost.GetDeclaringType().IsNil)
        {
            outermost = _reader.GetTypeDefinition(outermost.GetDeclaringType());
        }

        _fromNamespace = _reader.GetString(outermost.Namespace);
        _from = _fromNamespace.Length == 0 ? _reader.GetString(outermost.Name) : $"{_fromNamespace}.{_reader.GetString(outermost.Name)}";
        if ((type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
        {
            PublicTypes.Add(_from);
        }

        Mention(type.BaseType);
        foreach (InterfaceImplementationHandle one in type.GetInterfaceImplementations())
        {
            Mention(_reader.GetInterfaceImplementation(one).Interface);
        }

        Attributes(type.GetCustomAttributes());
        Constraints(type.GetGenericParameters());
        foreach (FieldDefinitionHandle one in type.GetFields())
        {
            FieldDefinition field = _reader.GetFieldDefinition(one);
            field.DecodeSignature(_names, null);
            Attributes(field.GetCustomAttributes());
        }

        foreach (MethodDefinitionHandle one in type.GetMethods())
        {
            ReadMethod(image, _reader.GetMethodDefinition(one));
        }
    }

    private void ReadMethod(PEReader image, MethodDefinition method)
    {
        method.DecodeSignature(_names, null);
        Attributes(method.GetCustomAttributes());
        Constraints(method.GetGenericParameters());
        if (method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
        {
            NativeMethods.Add($"{_from}.{_reader.GetString(method.Name)}");
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null);
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            Mention(region.CatchType);
        }

        foreach (int token in MethodCode.Tokens(body.GetILBytes()!))
        {
            Mention(MetadataTokens.EntityHandle(token));
        }
    }

    private void Attributes(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle one in attributes)
        {
            Mention(_reader.GetCustomAttribute(one).Constructor);
        }
    }

    private void Constraints(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterConstraintHandle one in parameters.SelectMany(parameter => _reader.GetGenericParameter(parameter).GetConstraints()))
        {
            Mention(_reader.GetGenericParameterConstraint(one).Type);
        }
    }

    private void Mention(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                _names.GetTypeFromReference(_reader, (TypeReferenceHandle)handle, 0);
                break;
            case HandleKind.TypeDefinition:
                _names.GetTypeFromDefinition(_reader, (TypeDefinitionHandle)handle, 0);
                break;
            case HandleKind.TypeSpecification:
                _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_names, null);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification specification = _reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                specification.DecodeSignature(_names, null);
                Mention(specification.Method);
                break;
            case HandleKind.MethodDefinition:
                Mention(_reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Mention(_reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                MentionMember(_reader.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.StandaloneSignature:
                _reader.GetStandaloneSignature((StandaloneSignatureHandle)handle).DecodeMethodSignature(_names, null);
                break;
        }
    }

    private void MentionMember(MemberReference member)
    {
        string parameters = "";
        if (member.GetKind() == MemberReferenceKind.Method)
        {
            parameters = $"({string.Join(',', member.DecodeMethodSignature(_names, null).ParameterTypes)})";
        }
        else
        {
            member.DecodeFieldSignature(_names, null);
        }

        // Of a plain type only the member is told: "Environment.CurrentManagedThreadId" must not count as "Environment".
        string type = member.Parent.Kind switch
        {
            HandleKind.TypeReference => TypeNames.NameOf(_reader, (TypeReferenceHandle)member.Parent),
            HandleKind.TypeDefinition => _names.GetTypeFromDefinition(_reader, (TypeDefinitionHandle)member.Parent, 0),
            HandleKind.TypeSpecification => _reader.GetTypeSpecification((TypeSpecificationHandle)member.Parent).DecodeSignature(_names, null),
            _ => "",
        };
        int generic = type.IndexOf('<', StringComparison.Ordinal);
        type = generic < 0 ? type : type[..generic];
        Mention(type, TypeNames.NamespaceOf(type), _reader.GetString(member.Name) + parameters);
    }
}
